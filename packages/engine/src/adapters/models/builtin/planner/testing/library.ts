/** For tests: a public library, in a catalogue quite unlike a shop's. */
import { DatabaseSync } from 'node:sqlite';

/** A small library: authors, books, branches, members, loans. */
export function openLibrary(): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  database.exec(`
    CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT, born DATE);
    CREATE TABLE branches (id INTEGER PRIMARY KEY, name TEXT NOT NULL, district TEXT NOT NULL);
    CREATE TABLE books (
      isbn TEXT PRIMARY KEY, title TEXT NOT NULL, author_id INTEGER NOT NULL REFERENCES authors (id),
      genre TEXT NOT NULL, pages INTEGER NOT NULL, published_year INTEGER NOT NULL, shelf TEXT NOT NULL
    );
    CREATE TABLE members (id INTEGER PRIMARY KEY, first_name TEXT NOT NULL, last_name TEXT NOT NULL, email TEXT, joined_on DATE NOT NULL, is_active INTEGER NOT NULL);
    CREATE TABLE loans (
      id INTEGER PRIMARY KEY, book_isbn TEXT NOT NULL REFERENCES books (isbn), member_id INTEGER NOT NULL REFERENCES members (id),
      branch_id INTEGER NOT NULL REFERENCES branches (id), borrowed_on DATE NOT NULL, returned_on DATE, fine REAL NOT NULL
    );
    INSERT INTO authors VALUES
      (1, 'Ursula K. Le Guin', 'United States', '1929-10-21'), (2, 'Frank Herbert', 'United States', '1920-10-08'),
      (3, 'Jane Austen', 'England', '1775-12-16'), (4, 'Stanislaw Lem', 'Poland', '1921-09-12');
    INSERT INTO branches VALUES (1, 'Harbour', 'North'), (2, 'Old Mill', 'South');
    INSERT INTO books VALUES
      ('978-1', 'The Dispossessed', 1, 'science fiction', 341, 1974, 'C4'), ('978-2', 'The Left Hand of Darkness', 1, 'science fiction', 286, 1969, 'C4'),
      ('978-3', 'Dune', 2, 'science fiction', 612, 1965, 'C3'), ('978-4', 'Emma', 3, 'novel', 474, 1815, 'A1'),
      ('978-5', 'Persuasion', 3, 'novel', 249, 1817, 'A1'), ('978-6', 'Solaris', 4, 'science fiction', 204, 1961, 'C5');
    INSERT INTO members VALUES
      (1, 'Nora', 'Lind', 'nora@reads.example', '2023-02-01', 1), (2, 'Omar', 'Haas', 'omar@reads.example', '2024-05-20', 1),
      (3, 'Pia', 'Quist', 'pia@reads.example', '2024-11-02', 0), (4, 'Rui', 'Vale', NULL, '2025-01-15', 1);
    INSERT INTO loans VALUES
      (1, '978-3', 1, 1, '2024-01-10', '2024-02-01', 0), (2, '978-4', 1, 2, '2024-03-05', '2024-03-20', 0.5), (3, '978-3', 2, 1, '2024-06-11', '2024-07-30', 2.5),
      (4, '978-1', 2, 2, '2025-01-08', '2025-01-29', 0), (5, '978-6', 3, 1, '2025-02-14', NULL, 0), (6, '978-5', 1, 1, '2025-03-01', NULL, 0), (7, '978-3', 1, 2, '2025-03-22', NULL, 1.25);
  `);
  return database;
}

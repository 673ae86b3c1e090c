/** For tests: a company, with a table that joins two others, rows that point to rows of their own table, and measurements in seconds since 1970. */
import { DatabaseSync } from 'node:sqlite';

/** A small company: departments, employees, projects, assignments, sensors, readings. */
export function openCompany(): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  database.exec(`
    CREATE TABLE departments (id INTEGER PRIMARY KEY, name TEXT, city TEXT, budget REAL);
    CREATE TABLE employees (
      id INTEGER PRIMARY KEY, name TEXT, email TEXT, department_id INTEGER REFERENCES departments (id), manager_id INTEGER REFERENCES employees (id),
      salary REAL, hired_on DATE, job_title TEXT
    );
    CREATE TABLE projects (id INTEGER PRIMARY KEY, title TEXT, department_id INTEGER REFERENCES departments (id), started_on DATE, status TEXT);
    CREATE TABLE assignments (employee_id INTEGER REFERENCES employees (id), project_id INTEGER REFERENCES projects (id), hours REAL, PRIMARY KEY (employee_id, project_id));
    CREATE TABLE sensors (serial TEXT PRIMARY KEY, model TEXT, site TEXT, installed_at INTEGER);
    CREATE TABLE readings (id INTEGER PRIMARY KEY, sensor_serial TEXT REFERENCES sensors (serial), taken_at INTEGER, temperature REAL);
    INSERT INTO departments VALUES (1, 'Engineering', 'Berlin', 100000), (2, 'Sales', 'Paris', 50000), (3, 'Legal', 'Berlin', 20000);
    INSERT INTO employees VALUES
      (1, 'Ann Lee', 'ann@x.example', 1, NULL, 90000, '2019-01-01', 'Engineer'), (2, 'Bob Ray', 'bob@x.example', 1, 1, 70000, '2021-05-01', 'Engineer'),
      (3, 'Cy Dow', 'cy@x.example', 2, 1, 60000, '2022-03-01', 'Seller'), (4, 'Di Fox', 'di@x.example', 2, 3, 50000, '2023-03-01', 'Seller');
    INSERT INTO projects VALUES (1, 'Apollo', 1, '2023-01-01', 'active'), (2, 'Borealis', 2, '2024-02-01', 'closed');
    INSERT INTO assignments VALUES (1, 1, 100), (2, 1, 50), (3, 2, 80), (2, 2, 10);
    INSERT INTO sensors VALUES ('SN-100', 'A', 'Roof', 1700000000), ('SN-200', 'B', 'Cellar', 1710000000);
    INSERT INTO readings VALUES (1, 'SN-100', 1735700000, 3.5), (2, 'SN-100', 1740000000, 7.25), (3, 'SN-200', 1740000500, 12);
  `);
  return database;
}

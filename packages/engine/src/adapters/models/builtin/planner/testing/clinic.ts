/** For tests: a clinic, whose tables declare no foreign keys and name things in another manner. */
import { DatabaseSync } from 'node:sqlite';

/** A small clinic: Doctor, Patient, Appointment, Invoice. */
export function openClinic(): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  database.exec(`
    CREATE TABLE Doctor (DoctorId INTEGER PRIMARY KEY, FullName VARCHAR(80), Specialty VARCHAR(40), Room INTEGER);
    CREATE TABLE Patient (PatientId INTEGER PRIMARY KEY, FullName VARCHAR(80), BirthDate DATE, City VARCHAR(40), Phone VARCHAR(20));
    CREATE TABLE Appointment (AppointmentId INTEGER PRIMARY KEY, PatientId INTEGER, DoctorId INTEGER, StartsAt DATETIME, DurationMinutes INTEGER, Status VARCHAR(20));
    CREATE TABLE Invoice (InvoiceNumber VARCHAR(12) PRIMARY KEY, AppointmentId INTEGER, IssuedOn DATE, Amount DECIMAL(8, 2), IsPaid BOOLEAN);
    INSERT INTO Doctor VALUES (1, 'Hedda Brandt', 'cardiology', 12), (2, 'Milo Serra', 'dermatology', 14), (3, 'Ines Roth', 'cardiology', 15);
    INSERT INTO Patient VALUES
      (1, 'Tom Abel', '1980-04-02', 'Bern', '031 1'), (2, 'Lea Born', '1992-12-24', 'Basel', '061 2'),
      (3, 'Uma Dorn', '2001-07-09', 'Bern', '031 3'), (4, 'Jan Egli', '1975-01-30', 'Chur', NULL);
    INSERT INTO Appointment VALUES
      (1, 1, 1, '2025-11-03 09:00:00', 30, 'held'), (2, 2, 2, '2025-11-03 10:00:00', 20, 'held'), (3, 1, 1, '2025-12-15 09:30:00', 45, 'cancelled'),
      (4, 3, 3, '2026-01-12 11:00:00', 30, 'held'), (5, 4, 2, '2026-02-02 08:15:00', 15, 'missed'), (6, 1, 3, '2026-02-20 16:00:00', 60, 'held'), (7, 2, 1, '2026-03-02 09:00:00', 30, 'planned');
    INSERT INTO Invoice VALUES
      ('INV-1001', 1, '2025-11-10', 180.00, 1), ('INV-1002', 2, '2025-11-11', 95.50, 1), ('INV-1003', 4, '2026-01-20', 210.25, 0), ('INV-1004', 6, '2026-02-27', 340.00, 0);
  `);
  return database;
}

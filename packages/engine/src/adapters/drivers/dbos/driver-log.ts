/** Where a driver tells what a person who runs it should know. */
export interface DriverLog {
  info(text: string): void;
  warn(text: string): void;
}

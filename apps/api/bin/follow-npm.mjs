/** Plain JavaScript that an older Node can read. */

/** The shell that npm and npx put between ends at a signal without passing it on: its end stands for the signal. */
export function followNpm(stop) {
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event === undefined) return;
  // Sooner than a second signal counts as pressed twice: where the shell and this process were both told, they are told once.
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, 200);
  timer.unref();
}

import { getCompileCacheDir } from 'node:module';

/** For a process that is started: nothing of ours but where compiled code is kept, if anywhere. It more than halves the start. */
export function processEnvironment(): NodeJS.ProcessEnv {
  const directory = getCompileCacheDir();
  return directory === undefined ? {} : { NODE_COMPILE_CACHE: directory };
}

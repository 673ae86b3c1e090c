/** A host as it is shown to a person: secrets are masked in what its connections tell and in what they fail with, as a run masks them for a model. */
import type { ClosableHost, Redact } from '@switchyard/engine/adapters';
import { FailureError } from '@switchyard/shared';

/** `redactor` is asked for at each call, so that a secret that was just set counts at once. */
export function maskedHost(host: ClosableHost, redactor: () => Redact): ClosableHost {
  const failingMasked = async <T>(told: Promise<T>): Promise<T> => {
    try {
      return await told;
    } catch (error) {
      throw error instanceof FailureError ? new FailureError(redactor()(error.failure)) : error;
    }
  };
  const masked = async <T>(told: Promise<T>): Promise<T> => redactor()(await failingMasked(told));
  return {
    ...host,
    perform: (call, scope) => masked(host.perform(call, scope)),
    checkConnection: (name, scope) => masked(host.checkConnection(name, scope)),
    // What a person accepts is kept and told to models word by word, so it is shown word by word.
    readOffer: (name, scope) => failingMasked(host.readOffer(name, scope)),
  };
}

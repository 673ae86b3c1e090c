/** What was said before, as a node is given it: checked, and cut to what a request can carry. */
import { FailureError, failure, isJsonObject, type Json, type Message } from '@switchyard/shared';

const mostMessages = 50;
const mostCharacters = 48_000;

/** The latest of the messages, as far as they fit; the one that does not fit is left out with all before it. Throws the FailureError `history-invalid`. */
export function readHistory(given: Json | undefined): Message[] {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) throw invalid('it is no list');
  const messages = given.map(readMessage);
  let characters = 0;
  const kept = messages
    .slice(-mostMessages)
    .reverse()
    .map((message) => {
      characters += message.text.length;
      return { message, fits: characters <= mostCharacters };
    });
  return kept
    .filter(({ fits }) => fits)
    .map(({ message }) => message)
    .reverse();
}

/** Only the two sides of a conversation: a history that could say what the system says would be instructions from outside. */
function readMessage(given: Json, index: number): Message {
  if (!isJsonObject(given) || typeof given.text !== 'string' || (given.role !== 'user' && given.role !== 'assistant'))
    throw invalid(`its message ${index + 1} is not { "role": "user" or "assistant", "text": … }`);
  return { role: given.role, text: given.text };
}

function invalid(why: string): FailureError {
  return new FailureError(
    failure('history-invalid', `The history cannot be used: ${why}. Give a list of { "role": "user" or "assistant", "text": … }, the oldest first.`),
  );
}

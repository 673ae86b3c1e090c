/** Whether an answer fits its question: checked before it is kept, so that a run never hears one that it could not use. */
import { cancelSignal, validate } from '@switchyard/engine';
import { answerSignal, askChoices, failure, FailureError, type Answer, type Ask, type Json, type JsonObject } from '@switchyard/shared';

/** Throws the FailureError `answer-invalid` that says what would fit. */
export function checkAnswer(ask: Ask, answer: Answer): void {
  const choices = askChoices[ask.about];
  if (!choices.includes(answer.choice)) throw unfit(`"${answer.choice}" is no answer to "${ask.title}"; it takes: ${choices.join(', ')}.`);
  if (ask.hash !== undefined && answer.hash !== ask.hash)
    throw unfit(`The answer is to other arguments than those that "${ask.title}" asks about now. Look at the question again and give its hash.`);
  if (answer.choice === 'edit') checkEdit(ask, answer.arguments);
  if (answer.choice === 'approve') checkValues(ask, answer.values ?? {});
}

/** Throws the FailureError `signal-refused` for a name that is Switchyard's own. */
export function checkSignalName(name: string): void {
  if (name !== cancelSignal && !name.startsWith(answerSignal(''))) return;
  throw new FailureError(failure('signal-refused', `"${name}" is no outside event. Cancel a run with runs.cancel; answer a question with runs.answer.`));
}

/** Why a question cannot be answered. */
export function questionMissing(run: string, key: string): FailureError {
  return new FailureError(
    failure(
      'question-missing',
      `The run "${run}" has no open question "${key}". It may have lapsed, or the run has gone another way; list its questions to see.`,
    ),
  );
}

function checkEdit({ schema, title }: Ask, given: JsonObject): void {
  if (!schema) throw unfit(`The arguments of "${title}" cannot be edited. Approve them as they are, or reject them.`);
  const [mismatch] = validate(schema, given);
  if (mismatch) throw unfit(`The edited arguments do not fit${mismatch.path ? ` at ${mismatch.path}` : ''}: ${mismatch.message}`);
}

function checkValues({ fields = {}, title }: Ask, values: JsonObject): void {
  for (const name of Object.keys(values)) {
    if (!Object.hasOwn(fields, name)) throw unfit(`"${title}" asks for no value "${name}"; it asks for: ${Object.keys(fields).join(', ') || 'none'}.`);
  }
  for (const [name, schema] of Object.entries(fields)) {
    if (!Object.hasOwn(values, name)) {
      if (!('default' in schema)) throw unfit(`The value "${name}" is missing; "${title}" asks for it.`);
      continue;
    }
    const [mismatch] = validate(schema, values[name] as Json);
    if (mismatch) throw unfit(`The value "${name}" does not fit${mismatch.path ? ` at ${mismatch.path}` : ''}: ${mismatch.message}`);
  }
}

function unfit(message: string): FailureError {
  return new FailureError(failure('answer-invalid', message));
}

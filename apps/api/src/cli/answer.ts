/** `switchyard answer`: answers a question of a run that waits; where no server holds the run, goes on with it. */
import { parseArgs } from 'node:util';
import { answerSchema, type Answer, type OpenWait } from '@switchyard/shared';
import { CommandRefused, exitCodes, onlyPositional, type Command, type Surroundings } from './command.ts';
import { dataFolderOf } from './data-flag.ts';
import { openKeptRuns, type KeptRuns } from './kept-runs.ts';
import { jsonObjectOf, jsonOf } from './seed-flags.ts';
import { printResult } from './watch-run.ts';

const options = {
  data: { type: 'string' },
  key: { type: 'string' },
  approve: { type: 'boolean' },
  values: { type: 'string' },
  edit: { type: 'string' },
  reject: { type: 'string' },
  happened: { type: 'string' },
  repeat: { type: 'boolean' },
  'give-up': { type: 'boolean' },
  hash: { type: 'string' },
  json: { type: 'boolean' },
} as const;

export const answer: Command = {
  usage: `switchyard answer RUN --data DIR [--key KEY] ANSWER [--hash HASH] [--json]

Answers a question of a run that waits for a person ("switchyard questions" lists them). The first answer counts. Where a server holds the data folder
the run goes on there; else it goes on here, and its outputs are printed as by "switchyard run".

  --approve         yes, exactly so
  --values JSON     with --approve: the values that the question asks for, as a JSON object
  --edit JSON       yes, with these arguments instead
  --reject REASON   no; the reason goes back to who asked
  --happened JSON   of a write whose outcome is not known: it took effect, with this result
  --repeat          of such a write: it did not take effect, make it again
  --give-up         of such a write: fail
  --key KEY         which question, where the run has several open
  --hash HASH       the hash of the arguments that were looked at (default: that of the question as it is now)
  --data DIR        the data folder that keeps the run
  --json            prints { "accepted": true, "result"?: … } and nothing else

Exit: that of the run where it goes on here, as for run; else 0; 2 where the answer does not fit, or another one came first.`,

  async run(args, surroundings) {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
    const run = onlyPositional(positionals, 'run id');
    const given = answerOf(values);
    const kept = await openKeptRuns({ dataFolder: dataFolderOf(values.data), run }, surroundings);
    try {
      const question = await questionOf(kept, run, values.key);
      const hash = values.hash ?? question.ask.hash;
      const stopListening = surroundings.onInterrupt(() => void kept.open?.runner.cancel(run));
      try {
        if (!(await kept.answer(run, question.key, { ...given, ...(hash !== undefined && { hash }) })))
          throw new CommandRefused(`The question "${question.key}" of the run "${run}" was answered before.`);
        return await goOn(kept, run, { asJson: values.json ?? false, surroundings });
      } finally {
        stopListening();
      }
    } finally {
      await kept.close();
    }
  },
};

async function goOn(kept: KeptRuns, run: string, { asJson, surroundings }: { asJson: boolean; surroundings: Surroundings }): Promise<number> {
  const result = await kept.resume?.(run);
  if (asJson) surroundings.print(JSON.stringify({ accepted: true, ...(result && { result }) }));
  else if (result) printResult(result, surroundings);
  else surroundings.print('Answered; the run goes on at the server.');
  if (!result) return exitCodes.done;
  if (result.status !== 'waiting') kept.open?.forget(run);
  return exitCodes[result.status];
}

async function questionOf(kept: KeptRuns, run: string, key: string | undefined): Promise<OpenWait> {
  const open = await kept.questions({ run });
  const [first, ...more] = key === undefined ? open : open.filter((question) => question.key === key);
  if (!first) throw new CommandRefused(key === undefined ? `The run "${run}" asks nothing.` : `The run "${run}" has no open question "${key}".`);
  if (more.length > 0)
    throw new CommandRefused(`The run "${run}" asks ${open.length} questions; say which with --key: ${open.map((question) => question.key).join(', ')}.`, {
      isUsage: true,
    });
  return first;
}

type AnswerFlags = { [Name in keyof typeof options]?: (typeof options)[Name]['type'] extends 'boolean' ? boolean : string };

function answerOf(flags: AnswerFlags): Answer {
  const { approve, values, edit, reject, happened, repeat, 'give-up': giveUp } = flags;
  const given: Answer[] = [
    ...(approve ? [{ choice: 'approve' as const, ...(values !== undefined && { values: jsonObjectOf(values, '--values') }) }] : []),
    ...(edit !== undefined ? [{ choice: 'edit' as const, arguments: jsonObjectOf(edit, '--edit') }] : []),
    ...(reject !== undefined ? [{ choice: 'reject' as const, reason: reject }] : []),
    ...(happened !== undefined ? [{ choice: 'happened' as const, result: jsonOf(happened, '--happened') }] : []),
    ...(repeat ? [{ choice: 'repeat' as const }] : []),
    ...(giveUp ? [{ choice: 'give-up' as const }] : []),
  ];
  const [only, ...more] = given;
  if (!only || more.length > 0)
    throw new CommandRefused('One answer is expected: --approve, --edit, --reject, --happened, --repeat or --give-up.', { isUsage: true });
  if (values !== undefined && !approve) throw new CommandRefused('--values goes with --approve.', { isUsage: true });
  const checked = answerSchema.safeParse(only);
  if (!checked.success) throw new CommandRefused(`The answer cannot be used: ${checked.error.issues.map(({ message }) => message).join('; ')}.`);
  return checked.data;
}

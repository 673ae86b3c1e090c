/** Importing a flow's text: nothing runs, nothing is called; what the flow could do is told before its first run. */
import type { Abilities } from '@switchyard/api/router';
import { create } from 'zustand';
import { diagnosticsOf, messageOf } from '../api/api-error.ts';
import { api, queries, queryClient } from '../api/client.ts';
import { openFlow } from '../browser-flows.ts';
import { sayFailed } from '../ui/messages.ts';

interface Imported {
  flow: { name: string; abilities: Abilities } | undefined;
}

/** The flow imported last, until what it could do has been read. */
export const useImported = create<Imported>(() => ({ flow: undefined }));

/** Stores the flow, opens it and shows what it could do; a text that is no flow is told as such. */
export async function importFlowText(text: string): Promise<void> {
  try {
    const { id, flow, abilities } = await api.flows.import.mutate({ text });
    await queryClient.invalidateQueries({ queryKey: queries.flows.list.queryKey() });
    await openFlow(id);
    useImported.setState({ flow: { name: flow.name, abilities } });
  } catch (error) {
    const reasons = diagnosticsOf(error)
      .slice(0, 3)
      .map((diagnostic) => diagnostic.message);
    sayFailed('The file was not imported', reasons.length > 0 ? reasons.join(' ') : messageOf(error));
  }
}

/** Below a chosen flow: the saved flow that it was brought from, and whether that is still the same. */
import type { FlowSummary } from '@switchyard/api/router';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { queries, queryClient } from '../../api/client.ts';
import { originOf } from '../../editor/bring-flow.ts';
import { bodyOf, flowNamed, isSameFlow } from '../../editor/flow-references.ts';
import { Button } from '../../ui/button.tsx';
import { editor, useEditor } from '../../use-editor.ts';
import { OpenSaved } from './bring-note.tsx';

interface OriginNoteProps {
  chosen: string | undefined;
  saved: readonly FlowSummary[];
  onBring: (from: FlowSummary) => void;
}

/** Nothing where no saved flow can be told to be the one. */
export function OriginNote({ chosen, saved, onBring }: OriginNoteProps) {
  const flows = useEditor((state) => state.shown.flows);
  const isHere = chosen !== undefined && flows !== undefined && Object.hasOwn(flows, chosen);
  const origin = isHere ? originOf(chosen, saved) : undefined;
  const { data } = useQuery(
    { ...queries.flows.get.queryOptions({ id: origin?.id ?? '' }), enabled: origin !== undefined, staleTime: 0, retry: false },
    queryClient,
  );
  const isSame = useMemo(() => {
    const body = flows && chosen !== undefined ? flowNamed(flows, chosen) : undefined;
    if (!body || !flows || !data) return undefined;
    return isSameFlow({ body, flows }, { body: bodyOf(data.flow), flows: data.flow.flows ?? {} }, editor.registry);
  }, [flows, chosen, data]);
  if (!origin || isSame === undefined) return null;
  if (isSame)
    return (
      <div className="mt-2 flex flex-wrap items-center gap-2">
        <p className="text-xs text-faint">A copy of the saved flow “{origin.name}”, as it is now.</p>
        <OpenSaved id={origin.id} name={origin.name} />
      </div>
    );
  return (
    <div className="mt-2 rounded-md bg-panel2 p-2 text-xs">
      <p className="break-words">Not the same as the saved flow “{origin.name}”: one of them was changed since.</p>
      <div className="mt-2 flex flex-wrap gap-2">
        <Button size="small" onClick={() => onBring(origin)}>
          Bring in the saved version again
        </Button>
        <OpenSaved id={origin.id} name={origin.name} />
      </div>
    </div>
  );
}

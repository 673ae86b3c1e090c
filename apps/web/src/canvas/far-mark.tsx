/** Marks the canvas while it is seen from far away, so that style alone can leave details out of the cards. */
import { useStore } from '@xyflow/react';
import { useEffect, type RefObject } from 'react';

/** Sets `data-far` below half zoom, without drawing anything again. */
export function FarMark({ frame }: { frame: RefObject<HTMLDivElement | null> }) {
  const isFar = useStore((state) => state.transform[2] < 0.5);
  useEffect(() => {
    frame.current?.toggleAttribute('data-far', isFar);
  }, [frame, isFar]);
  return null;
}

/** The places of a card where wires end: values left and right, squares for grants below, one landing above. Names show on hover and while a wire is drawn. */
import { Handle, Position } from '@xyflow/react';
import type { Schema } from '@switchyard/shared';
import { memo, type CSSProperties } from 'react';
import { typeText } from '../editor/can-connect.ts';
import { portTops } from '../editor/bands.ts';
import type { CardData } from './build-elements.ts';

interface PortsProps {
  data: CardData;
  /** Ports that a wire being drawn may join. */
  lit: ReadonlySet<string> | undefined;
}

/** All ports of a card. */
export const Ports = memo(function Ports({ data, lit }: PortsProps) {
  const { face, granted, isCalled, isLinked, lostInputs, lostOutputs } = data;
  // Ports of a node that is only called are of no use until one wants them: they show on hover.
  const isQuiet = isCalled && !isLinked;
  return (
    <>
      <Side side="in" ports={face.ports.inputs} optional={face.ports.optional} lost={lostInputs} lit={lit} isQuiet={isQuiet} />
      <Side side="out" ports={face.ports.outputs} lost={lostOutputs} lit={lit} isQuiet={isQuiet} />
      {face.mayCall && <CallSquares granted={granted} />}
      {(face.isCallable || isCalled) && (
        <Handle
          type="target"
          position={Position.Top}
          id="called"
          className="port port-called"
          data-lit={lit?.has('called') || undefined}
          data-shown={(isCalled && !face.mayCall) || undefined}
        >
          <PortName side="top" text="may be called" />
        </Handle>
      )}
    </>
  );
});

interface SideProps {
  side: 'in' | 'out';
  ports: Readonly<Record<string, Schema>>;
  /** They stand below the middle, so that the wire that every such node has runs straight. */
  optional?: readonly string[] | undefined;
  lost: readonly string[];
  lit: ReadonlySet<string> | undefined;
  isQuiet: boolean;
}

function Side({ side, ports, optional = [], lost, lit, isQuiet }: SideProps) {
  const needed = Object.keys(ports).filter((name) => !optional.includes(name));
  const names = [...needed, ...Object.keys(ports).filter((name) => optional.includes(name)), ...lost];
  const tops = portTops(names.length, needed.length);
  return names.map((name, index) => {
    const id = `${side}:${name}`;
    const isLost = index >= names.length - lost.length;
    const text = isLost ? `${name}: no longer there` : `${name}: ${typeText(ports[name])}`;
    return (
      <Handle
        key={id}
        id={id}
        type={side === 'in' ? 'target' : 'source'}
        position={side === 'in' ? Position.Left : Position.Right}
        isConnectable={!isLost}
        className="port"
        style={{ top: tops[index] }}
        data-lit={lit?.has(id) || undefined}
        data-lost={isLost || undefined}
        data-quiet={isQuiet || undefined}
      >
        <PortName side={side === 'in' ? 'left' : 'right'} text={text} />
      </Handle>
    );
  });
}

/** One square for each grant, in the order of the nodes below, and one more from which the next is drawn. */
function CallSquares({ granted }: { granted: readonly string[] }) {
  const place = (index: number): CSSProperties => ({ left: `${((index + 1) / (granted.length + 2)) * 100}%` });
  return (
    <>
      {granted.map((id, index) => (
        <Handle key={id} id={`call:${id}`} type="source" position={Position.Bottom} className="port port-call" style={place(index)} />
      ))}
      <Handle id="call:" type="source" position={Position.Bottom} className="port port-call port-spare" style={place(granted.length)}>
        <PortName side="bottom" text="drag to grant a node" />
      </Handle>
    </>
  );
}

function PortName({ side, text }: { side: 'left' | 'right' | 'top' | 'bottom'; text: string }) {
  return (
    <span className={`port-name port-name-${side}`} aria-hidden>
      {text}
    </span>
  );
}

/** Narrows a trace: by words, node, sort of call, failures. */
import { Button, IconButton } from '../ui/button.tsx';
import { Checkbox } from '../ui/checkbox.tsx';
import { Input } from '../ui/input.tsx';
import { Popover } from '../ui/popover.tsx';
import { Select } from '../ui/select.tsx';
import { isFiltering, noFilter, type TraceFilter as Filter } from './trace-rows.ts';

interface TraceFilterProps {
  filter: Filter;
  onChange: (filter: Filter) => void;
  parts: { sites: string[]; kinds: string[] };
  /** Of a node by its site. */
  title: (site: string) => string;
}

const anything = '*';

/** A field for words, and the rest behind one button. */
export function TraceFilter({ filter, onChange, parts, title }: TraceFilterProps) {
  const isNarrowed = filter.site !== undefined || filter.kind !== undefined || filter.isFailuresOnly;
  return (
    <div className="flex items-center gap-1">
      <Input
        type="search"
        aria-label="Filter the trace by words"
        placeholder="Filter"
        className="h-7! text-xs [&::-webkit-search-cancel-button]:hidden"
        value={filter.text}
        onChange={(event) => onChange({ ...filter, text: event.target.value })}
      />
      <Popover
        label="Filter the trace"
        className="w-64"
        trigger={<Button size="small" variant={isNarrowed ? 'default' : 'quiet'} icon="funnel" aria-label="Filter by node, call and failures" />}
      >
        <div className="space-y-2 p-1">
          <Choice
            label="Node"
            all="Every node"
            value={filter.site}
            options={parts.sites.map((site) => ({ value: site, label: wayText(site, title) }))}
            onChange={(site) => onChange(withPart(filter, 'site', site))}
          />
          <Choice
            label="Call"
            all="Every sort of call"
            value={filter.kind}
            options={parts.kinds.map((kind) => ({ value: kind, label: kind }))}
            onChange={(kind) => onChange(withPart(filter, 'kind', kind))}
          />
          <Checkbox label="Failures only" isChecked={filter.isFailuresOnly} onChange={(isFailuresOnly) => onChange({ ...filter, isFailuresOnly })} />
        </div>
      </Popover>
      {isFiltering(filter) && <IconButton size="small" icon="x" label="Show every row" onClick={() => onChange(noFilter)} />}
    </div>
  );
}

interface ChoiceProps {
  label: string;
  all: string;
  value: string | undefined;
  options: { value: string; label: string }[];
  onChange: (value: string | undefined) => void;
}

function Choice({ label, all, value, options, onChange }: ChoiceProps) {
  return (
    <Select
      label={label}
      value={value ?? anything}
      groups={[{ options: [{ value: anything, label: all }, ...options] }]}
      onChange={(chosen) => onChange(chosen === anything ? undefined : chosen)}
    />
  );
}

/** `each/topic` reads "Each message › Topic". */
function wayText(site: string, title: (site: string) => string): string {
  const nodes = site.split('/');
  return nodes.map((_, index) => title(nodes.slice(0, index + 1).join('/'))).join(' › ');
}

function withPart(filter: Filter, part: 'site' | 'kind', value: string | undefined): Filter {
  const { [part]: _before, ...rest } = filter;
  return value === undefined ? rest : { ...rest, [part]: value };
}

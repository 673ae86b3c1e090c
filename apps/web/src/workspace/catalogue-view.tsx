/** What a connection holds: a database's tables with their columns and counts, the operations of an API or the tools of a server; what others tell, as it is. */
import { useQuery } from '@tanstack/react-query';
import { isJsonObject, type CatalogueColumn, type CatalogueTable, type Json } from '@switchyard/shared';
import { useState } from 'react';
import { messageOf } from '../api/api-error.ts';
import { queries } from '../api/client.ts';
import { Button } from '../ui/button.tsx';
import { countText, counted } from '../ui/figures.ts';
import { Icon } from '../ui/icon.tsx';
import { FindableList } from './findable-list.tsx';
import { OfferList } from './offer-list.tsx';
import { offersOf } from './offers.ts';
import { ValueView } from '../ui/value-view.tsx';

/** Read when shown, and kept for a while: a catalogue rarely changes. */
export function CatalogueView({ connection }: { connection: string }) {
  const { data, error, isPending, refetch } = useQuery({ ...queries.workspace.catalogue.queryOptions({ connection }), staleTime: 300_000, retry: false });
  if (isPending) return <p className="flex h-7 items-center text-xs text-dim">Reading what it holds…</p>;
  if (error) {
    return (
      <div className="flex items-start gap-2 text-xs text-bad">
        <span className="min-w-0 flex-1 break-words">{messageOf(error)}</span>
        <Button size="small" onClick={() => void refetch()}>
          Try again
        </Button>
      </div>
    );
  }
  const tables = tablesOf(data);
  const offers = tables ? undefined : offersOf(data);
  if (offers && offers.length > 0) return <OfferList offers={offers} />;
  if (!tables) return <ValueView value={data} label="What it holds" className="max-h-80" />;
  if (tables.length === 0) return <p className="text-xs text-dim">The database has no tables.</p>;
  return (
    <FindableList
      head={counted(tables.length, 'table')}
      label="tables"
      items={tables}
      textOf={({ name, columns }) => [name, ...columns.map((column) => column.name)].join(' ')}
      keyOf={({ name }) => name}
      draw={(table) => <Table table={table} />}
    />
  );
}

function tablesOf(catalogue: Json): CatalogueTable[] | undefined {
  return isJsonObject(catalogue) && typeof catalogue.dialect === 'string' && Array.isArray(catalogue.tables)
    ? (catalogue.tables as unknown as CatalogueTable[])
    : undefined;
}

function Table({ table }: { table: CatalogueTable }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="flex h-7 w-full items-center gap-1 px-2 text-left text-xs hover:bg-panel2"
      >
        <Icon name={isOpen ? 'chevron-down' : 'chevron-right'} size={12} className="text-faint" />
        <span className="truncate font-mono">{table.name}</span>
        <span className="ml-auto whitespace-nowrap text-faint tabular-nums">
          {table.rows !== undefined && `${table.rowsAre ? `${table.rowsAre} ` : ''}${countText(table.rows)} rows`}
        </span>
      </button>
      {isOpen && (
        <ul className="space-y-1 px-2 pt-1 pb-2">
          {table.columns.map((column) => (
            <Column key={column.name} column={column} />
          ))}
        </ul>
      )}
    </>
  );
}

function Column({ column }: { column: CatalogueColumn }) {
  const about = [column.type.toLowerCase(), column.primaryKey ? 'key' : '', column.references ? `→ ${column.references}` : ''].filter(Boolean).join(' · ');
  const { values: all, moreValues, samples } = column;
  const values = all ? `${all.map(String).join(', ')}${moreValues ? ', …' : ''}` : samples && `such as ${samples.map(String).join(', ')}`;
  return (
    <li className="text-xs">
      <span className="flex gap-2">
        <span className="font-mono">{column.name}</span>
        <span className="ml-auto truncate text-faint">{about}</span>
      </span>
      {values && (
        <span className="block truncate text-faint" title={values}>
          {values}
        </span>
      )}
    </li>
  );
}

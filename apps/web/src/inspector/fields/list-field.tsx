/** A list of items, each with its own control; items can be added, removed and moved. */
import { isJsonObject, type Json } from '@switchyard/shared';
import { useState } from 'react';
import { Button, IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { freshValue, type Control as ControlSort } from '../form/derive-form.ts';
import { useForm, type Change } from '../form/form-context.ts';
import { below, mistakesAt } from '../form/form-mistakes.ts';
import { ItemControl } from './item-control.tsx';

interface ListFieldProps {
  item: ControlSort;
  label: string;
  value: Json | undefined;
  at: string;
  onChange: Change;
}

/** Long items are folded, and say what they are. Where one may stand for a list of one, it is shown as such. */
export function ListField({ item, label, value, at, onChange }: ListFieldProps) {
  const items: readonly Json[] = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  const [opened, setOpened] = useState<number | undefined>(items.length === 1 ? 0 : undefined);
  const isFoldable = isTall(item);
  const move = (from: number, to: number) => {
    const rest = items.toSpliced(from, 1);
    onChange(rest.toSpliced(to, 0, items[from] as Json));
    if (opened === from) setOpened(to);
  };
  return (
    <div role="group" aria-label={label} className="space-y-2">
      {items.length > 0 && (
        <ol className={isLine(item) ? 'space-y-1' : 'space-y-2'}>
          {items.map((each, index) => (
            <ListItem
              // biome-ignore lint/suspicious/noArrayIndexKey: items have no identity of their own; their place is all there is.
              key={index}
              props={{ item, label, value: each, at: below(at, index), onChange: (next) => onChange(items.with(index, next ?? null)) }}
              index={index}
              count={items.length}
              isFoldable={isFoldable}
              isOpen={!isFoldable || opened === index}
              onFold={() => setOpened(opened === index ? undefined : index)}
              onMove={(to) => move(index, to)}
              onRemove={() => onChange(items.toSpliced(index, 1))}
            />
          ))}
        </ol>
      )}
      <Button
        size="small"
        icon="plus"
        onClick={() => {
          onChange([...items, freshValue(item)]);
          setOpened(items.length);
        }}
      >
        Add
      </Button>
    </div>
  );
}

interface ListItemProps {
  props: ListFieldProps;
  index: number;
  count: number;
  isFoldable: boolean;
  isOpen: boolean;
  onFold: () => void;
  onMove: (to: number) => void;
  onRemove: () => void;
}

function ListItem(listed: ListItemProps) {
  const { props, index, isFoldable, isOpen, onFold } = listed;
  const { item, label, value, at, onChange } = props;
  const { diagnostics } = useForm();
  const name = itemName(value ?? null) || `${label} ${index + 1}`;
  if (isLine(item))
    return (
      <li className="flex items-start gap-1">
        <div className="min-w-0 flex-1">
          <ItemControl control={item} label={`${label} ${index + 1}`} value={value} at={at} onChange={onChange} />
        </div>
        <ItemActions {...listed} name={name} />
      </li>
    );
  const hasMistakes = mistakesAt(diagnostics, at).length > 0;
  return (
    <li className="rounded-md border border-line">
      <div className="flex h-8 items-center gap-1 pr-1 pl-2">
        {isFoldable ? (
          <button type="button" aria-expanded={isOpen} onClick={onFold} className="flex min-w-0 flex-1 items-center gap-1 text-left text-sm font-medium">
            <Icon name={isOpen ? 'chevron-down' : 'chevron-right'} size={14} className="text-faint" />
            <span className="truncate">{name}</span>
          </button>
        ) : (
          <span className="min-w-0 flex-1 truncate text-xs text-dim">{index + 1}</span>
        )}
        {hasMistakes && <Icon name="circle-alert" size={14} className="text-bad" label="Has mistakes" />}
        <ItemActions {...listed} name={name} />
      </div>
      {isOpen && (
        <div className="border-t border-line p-2">
          <ItemControl control={item} label={name} value={value} at={at} onChange={onChange} />
        </div>
      )}
    </li>
  );
}

/** One item alone has no place to move to. */
function ItemActions({ name, index, count, onMove, onRemove }: ListItemProps & { name: string }) {
  return (
    <span className="flex h-8 shrink-0 items-center">
      {count > 1 && (
        <>
          <IconButton size="small" icon="arrow-up" label={`Move ${name} up`} disabled={index === 0} onClick={() => onMove(index - 1)} />
          <IconButton size="small" icon="arrow-down" label={`Move ${name} down`} disabled={index === count - 1} onClick={() => onMove(index + 1)} />
        </>
      )}
      <IconButton size="small" icon="trash" label={`Remove ${name}`} onClick={onRemove} />
    </span>
  );
}

/** Items of one line stand in a line with what can be done to them. */
function isLine(item: ControlSort): boolean {
  return item.sort === 'model' || item.sort === 'number' || (item.sort === 'text' && !item.isLong);
}

/** Items that take more than a few lines are folded. */
function isTall(item: ControlSort): boolean {
  return (
    item.sort === 'group' &&
    (item.fields.length > 2 || item.fields.some((field) => !['text', 'expression', 'number', 'switch', 'choice'].includes(field.control.sort)))
  );
}

/** The first text in an item tells it from the others. */
function itemName(value: Json): string {
  if (typeof value === 'string') return value;
  if (!isJsonObject(value)) return '';
  const named = typeof value.name === 'string' && value.name !== '' ? value.name : Object.values(value).find((each) => typeof each === 'string' && each !== '');
  return typeof named === 'string' ? named.slice(0, 60) : '';
}

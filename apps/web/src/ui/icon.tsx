/** Every icon of the interface by name. Each is imported by itself, so that the bundle carries these and no others. */
import {
  ArrowDown, ArrowLeftToLine, ArrowRight, ArrowRightToLine, ArrowUp, AlignHorizontalJustifyCenter, AlignVerticalJustifyCenter, BookOpen, Box, Braces, BrainCircuit, Ban,
  Check, ChevronDown, ChevronRight, ChevronUp, Circle, CircleAlert, CircleCheck, CircleDashed, CircleX, Clock, Command, Copy, CopyPlus, Cpu, CornerDownLeft, Database, Download,
  Ellipsis, ExternalLink, Eye, EyeOff, File, FileText, Files, FlaskConical, FolderOpen, Funnel, Globe, GripVertical, Hand, History, Info, Key, Keyboard, Layers,
  LayoutGrid, Lightbulb, Link, List, ListChecks, ListTree, LoaderCircle, Lock, LogIn, Maximize, Merge, MessageSquare, Minus, Monitor, Moon, PanelBottom, PanelLeft, PanelRight,
  Pencil, Pin, Play, Plug, Plus, Redo2, RefreshCw, Repeat, RotateCcw, ScanSearch, Scissors, Search, Server, Settings, Share2, ShieldCheck, Shuffle, Sparkles, Split,
  Square, Sun, Table, TextQuote, Timer, Trash2, TriangleAlert, Undo2, Unlink, Upload, Wand, Workflow, Wrench, X, Zap, ZoomIn, ZoomOut,
} from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import type { IconName as KindIconName } from '@switchyard/engine';

const kindIcons: Record<KindIconName, LucideIcon> = {
  'arrow-right-to-line': ArrowRightToLine, 'arrow-left-to-line': ArrowLeftToLine, 'brain-circuit': BrainCircuit, split: Split, braces: Braces,
  'text-quote': TextQuote, database: Database, globe: Globe, sparkles: Sparkles, cpu: Cpu, repeat: Repeat, list: List, merge: Merge, timer: Timer,
  'shield-check': ShieldCheck, workflow: Workflow, shuffle: Shuffle, search: Search, plug: Plug, 'file-text': FileText, table: Table, key: Key,
  'message-square': MessageSquare, layers: Layers, box: Box,
};

const interfaceIcons = {
  'align-horizontal': AlignHorizontalJustifyCenter, 'align-vertical': AlignVerticalJustifyCenter, 'arrow-down': ArrowDown, 'arrow-right': ArrowRight, 'arrow-up': ArrowUp,
  ban: Ban, 'book-open': BookOpen, check: Check, 'chevron-down': ChevronDown, 'chevron-right': ChevronRight, 'chevron-up': ChevronUp,
  circle: Circle, 'circle-alert': CircleAlert, 'circle-check': CircleCheck, 'circle-dashed': CircleDashed, 'circle-x': CircleX, clock: Clock, command: Command,
  copy: Copy, 'copy-plus': CopyPlus, 'corner-down-left': CornerDownLeft, download: Download, ellipsis: Ellipsis, 'external-link': ExternalLink, eye: Eye, 'eye-off': EyeOff,
  file: File, files: Files, flask: FlaskConical, 'folder-open': FolderOpen, funnel: Funnel, grip: GripVertical, hand: Hand, history: History, info: Info, keyboard: Keyboard,
  'layout-grid': LayoutGrid, lightbulb: Lightbulb, link: Link, 'list-checks': ListChecks, 'list-tree': ListTree, loader: LoaderCircle, lock: Lock, 'log-in': LogIn,
  maximize: Maximize, minus: Minus, monitor: Monitor, moon: Moon, 'panel-bottom': PanelBottom, 'panel-left': PanelLeft, 'panel-right': PanelRight, pencil: Pencil, pin: Pin,
  play: Play, plus: Plus, redo: Redo2, refresh: RefreshCw, 'rotate-ccw': RotateCcw, 'scan-search': ScanSearch, scissors: Scissors, server: Server, settings: Settings,
  share: Share2, square: Square, sun: Sun, trash: Trash2, 'triangle-alert': TriangleAlert, undo: Undo2, unlink: Unlink, upload: Upload, wand: Wand, wrench: Wrench, x: X,
  zap: Zap, 'zoom-in': ZoomIn, 'zoom-out': ZoomOut,
} as const satisfies Record<string, LucideIcon>;

const icons: Record<string, LucideIcon> = { ...interfaceIcons, ...kindIcons };

/** Icons that kinds name, and those of the interface itself. */
export type IconName = KindIconName | keyof typeof interfaceIcons;

interface IconProps {
  name: IconName;
  /** Pixels, 16 by default. */
  size?: number;
  className?: string;
  /** Said to screen readers; without it the icon is decoration. */
  label?: string;
}

/** One icon, drawn in the colour of the text around it. */
export function Icon({ name, size = 16, className, label }: IconProps) {
  const Drawing = icons[name] ?? Box;
  const said = label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true };
  return <Drawing size={size} strokeWidth={1.75} className={`shrink-0 ${className ?? ''}`} {...said} />;
}

import { inert, writtenOut } from './inert.ts';

/** An element: its name, its attributes in the order in which they are written, and what stands in it. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** Elements, or one text. */
  readonly content?: readonly Element[] | string;
}

/** The document of a root element. Names are the format's own; whatever is a value is made harmless here. */
export function xmlDocument(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${lines(root, '').join('\n')}\n`;
}

function lines({ name, attributes, content = [] }: Element, indent: string): readonly string[] {
  const values = Object.entries(attributes).map(([key, value]) => ` ${key}="${quoted(String(value))}"`);
  const open = `${indent}<${name}${values.join('')}`;
  if (typeof content === 'string') return [`${open}>${content.split('\n').map(quoted).join('\n')}</${name}>`];
  if (content.length === 0) return [`${open}/>`];
  return [`${open}>`, ...content.flatMap((element) => lines(element, `${indent}  `)), `${indent}</${name}>`];
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Of what XML 1.0 does not allow, controls and lone surrogates are written out by `inert` already. */
function quoted(text: string): string {
  return inert(text)
    .replace(/[\ufffe\uffff]/g, writtenOut)
    .replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

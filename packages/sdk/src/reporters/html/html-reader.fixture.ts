import { type DefaultTreeAdapterTypes, parse } from 'parse5';

export type Element = DefaultTreeAdapterTypes.Element;
type Node = DefaultTreeAdapterTypes.Node;

export interface HtmlPage {
  /** What the parser (of the WHATWG's rules) has to say against the document. */
  readonly complaints: readonly string[];
  /** Elements of a name, in the order of the document; `*` for all. */
  all(name: string): Element[];
}

const isElement = (node: Node): node is Element => 'tagName' in node;

function* elementsIn(node: Node): Generator<Element> {
  if (!('childNodes' in node)) return;
  for (const child of node.childNodes) {
    if (isElement(child)) yield child;
    yield* elementsIn(child);
  }
}

/** Reads a document as a browser does. */
export function readHtml(text: string): HtmlPage {
  const complaints: string[] = [];
  const document = parse(text, {
    onParseError: ({ code, startLine }) => complaints.push(`${code} in line ${startLine}`),
  });
  const elements = [...elementsIn(document)];
  return { complaints, all: (name) => elements.filter(({ tagName }) => name === '*' || tagName === name) };
}

export function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((one) => one.name === name)?.value;
}

/** The text in an element and below. */
export function textIn(node: Node): string {
  if ('value' in node) return node.value;
  return 'childNodes' in node ? node.childNodes.map(textIn).join('') : '';
}

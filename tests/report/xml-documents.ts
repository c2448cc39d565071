import { readFileSync } from 'node:fs';
import { validateXML } from 'xmllint-wasm';

/** What libxml2 has to say against documents by one of the schemas beside this file. Nothing where they are well. */
export async function xmlComplaints(
  documents: readonly string[],
  schema: 'junit.xsd' | 'checkstyle.xsd',
): Promise<readonly string[]> {
  const { errors } = await validateXML({
    xml: documents.map((contents, index) => ({ fileName: `${index}.xml`, contents })),
    schema: [readFileSync(new URL(schema, import.meta.url), 'utf8')],
  });
  return errors.map(({ rawMessage }) => rawMessage);
}

import { createRequire } from 'node:module';
import { Ajv } from 'ajv';

/** OASIS's schema, as Microsoft's matchers ship it. It is of draft 4, of whose differences it uses `id` alone. */
const {
  $schema: _,
  id: __,
  ...schema
} = createRequire(import.meta.url)('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
/** Whether a document is SARIF 2.1.0; `validateSarif.errors` tells why not. */
export const validateSarif = new Ajv({
  strict: false,
  unicodeRegExp: false,
  formats: {
    uri: (text: string) => URL.canParse(text) && /^[\x21-\x7e]+$/.test(text),
    'uri-reference': (text: string) =>
      URL.canParse(text, 'https://base.example/') && /^[\x21-\x7e]*$/.test(text),
    'date-time': true,
  },
}).compile(schema);

import * as z from 'zod';
import { configurationSchema } from '../src/cli/configuration-schema.ts';
import { tool } from '../src/index.ts';
import { rules } from '../src/rules/index.ts';

/** docs/configuration.schema.json: what an editor reads to help with vyos-ipsec-lint.config.yaml. */
export function configurationSchemaText(): string {
  const schema = z.toJSONSchema(configurationSchema(rules.map(({ id }) => id)), { io: 'input' });
  const { $schema, ...rest } = schema;
  const document = { $schema, title: `${tool.name} configuration`, ...rest };
  return `${JSON.stringify(document, null, 2)}\n`;
}

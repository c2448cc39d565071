import { isIP } from 'node:net';
import * as z from 'zod';
import { RELEASES } from '../vyos/schema/node.ts';

/** The shape of the configuration file. docs/configuration.schema.json is made from this (npm run docs). */

const text = z.string().min(1);

const end = z
  .union([text, z.strictObject({ site: text, peer: text.optional() })])
  .describe('The name of a site, or the site and the name of its peer.');

const peer = z
  .strictObject({
    name: text.describe('The name of the peer in the dump.'),
    external: z
      .boolean()
      .optional()
      .describe('true: its far end is none of the sites. It is paired with nobody.'),
    counterpart: end
      .optional()
      .describe(
        'The far end, whatever the addresses say: the name of a site, or the site and the name of its peer.',
      ),
  })
  .refine(({ external, counterpart }) => external !== true || counterpart === undefined, {
    path: ['counterpart'],
    message: 'contradicts "external: true"; write one of them',
  })
  .describe('A peer whose far end the dumps do not tell.');

const site = z
  .strictObject({
    name: text
      .optional()
      .describe('What the site is called. Default: its file without folder and extension.'),
    file: text.describe(
      'The dump, or a pattern such as "dumps/*.conf" for a site each, relative to the configuration file.',
    ),
    release: z.enum(RELEASES).optional().describe('The release of VyOS that the router runs. Default: 1.4.'),
    publicAddress: text
      .refine((value) => isIP(value) !== 0, 'is not an IPv4 or IPv6 address')
      .optional()
      .describe('The address at which a NAT shows the router to the world.'),
    peers: z.array(peer).optional().describe('Whom its peers face, where the dumps do not tell.'),
  })
  .describe('One router.');

const link = z
  .strictObject({
    between: z
      .tuple([end, end])
      .describe('The two ends. Where both name a peer, these face each other whatever their addresses say.'),
    expect: z
      .enum(['up', 'down'])
      .default('up')
      .describe(
        'up: it is an error if no peers make this link. down: it is an error if it comes up, and nothing else is said of it.',
      ),
    reason: text
      .optional()
      .describe('Why; shown with what is suppressed of a link that is expected to be down.'),
  })
  .describe('What is expected of the link between two sites.');

const ignoreOf = (rule: z.ZodType<string>) =>
  z
    .strictObject({
      rule,
      site: text.optional().describe('Only findings about this site, by its name.'),
      peer: text.optional().describe('Only findings about a peer of this name.'),
      reason: text.describe('Why it is not to be shown.'),
      expires: z.iso
        .date()
        .optional()
        .describe('The last day on which it holds, such as 2027-03-31. After it the finding is shown again.'),
    })
    .describe('Findings that are not to be shown.');

/**
 * The schema over the rules that there are: a mistyped rule is a mistake that is found. The input of the types is what
 * stands in the file.
 */
export function configurationSchema(ruleIds: readonly string[]) {
  const rule = z.enum(ruleIds).describe('The id of a rule; "vyos-ipsec-lint rules" lists them.');
  return z
    .strictObject({
      $schema: z.string().optional().describe('The address of this schema, for editors.'),
      sites: z.array(site).optional().describe('The routers that are judged where no file is named.'),
      links: z.array(link).optional().describe('What is expected of the links between the sites.'),
      rules: z
        .partialRecord(rule, z.enum(['off', 'info', 'warning', 'error']))
        .optional()
        .describe('Severities by rule; off: its findings are dropped.'),
      ignores: z
        .array(ignoreOf(rule))
        .optional()
        .describe('Findings that are not to be shown, with the reason.'),
      failOn: z
        .enum(['error', 'warning', 'info'])
        .optional()
        .describe('The least severity that gives exit code 1. Default: error. --fail-on overrides it.'),
      baseline: text
        .optional()
        .describe(
          'A file of findings that are known, relative to the configuration file. --baseline overrides it.',
        ),
    })
    .describe('The configuration of vyos-ipsec-lint.');
}

/** A configuration file, understood. */
export type ConfigurationText = z.infer<ReturnType<typeof configurationSchema>>;

/** The keys that may stand at a place of the configuration, for "did you mean". */
export function keysAt(
  [list, , inner]: readonly PropertyKey[],
  ruleIds: readonly string[],
): readonly string[] {
  if (list === 'sites' && inner === 'peers') return Object.keys(peer.shape);
  const entries = { sites: site, links: link, ignores: ignoreOf(z.enum(ruleIds)) };
  if (list === 'sites' || list === 'links' || list === 'ignores') return Object.keys(entries[list].shape);
  return list === undefined ? Object.keys(configurationSchema(ruleIds).shape) : [];
}

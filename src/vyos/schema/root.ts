import { ipsec } from './ipsec.ts';
import type { Release, SchemaChildren } from './node.ts';
import { besideIpsec, otherSubtrees } from './other-subtrees.ts';

/** The release that a dump is judged by when nothing in it tells its own. */
export const DEFAULT_RELEASE: Release = '1.4';

/** All that is known of the configuration tree, by the names of its top nodes. */
export const schemaRoot: SchemaChildren = {
  ...otherSubtrees,
  vpn: { kind: 'node', children: { ...besideIpsec, ipsec } },
};

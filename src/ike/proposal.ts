import {
  formatTransform,
  isAead,
  isPrivateUse,
  noExtendedSequenceNumbers,
  prfFor,
  sameTransform,
  type Transform,
  type TransformType,
  transformNamed,
  transformOf,
  transformTypes,
} from './transform.ts';

export type Protocol = 'IKE' | 'ESP';

/** A set of transforms offered together; of each type one is to be chosen (RFC 7296 section 3.3). */
export interface Proposal {
  readonly protocol: Protocol;
  readonly transforms: readonly Transform[];
}

export type ParsedProposal =
  | { readonly ok: true; readonly proposal: Proposal }
  /** What charon logs when it discards the connection. */
  | { readonly ok: false; readonly log: string };

export function ofType(proposal: Proposal, type: TransformType): readonly Transform[] {
  return proposal.transforms.filter((transform) => transform.type === type);
}

/**
 * Reads strongSwan's compact notation, keywords joined by `-`: `aes256-sha256-modp2048`.
 * Source: strongSwan 5.9 proposal.c, proposal_create_from_string and check_proposal. For IKE a PRF is derived from
 * the integrity algorithm where none is named; an AEAD cipher drops the integrity algorithms; ESP drops PRFs.
 */
export function parseProposal(protocol: Protocol, text: string): ParsedProposal {
  let chosen: Transform[] = [];
  for (const keyword of text.split('-')) {
    const transform = transformOf(keyword);
    if (!transform) return { ok: false, log: `algorithm '${keyword}' not recognized` };
    chosen.push(transform);
  }
  const has = (type: TransformType) => chosen.some((transform) => transform.type === type);
  const drop = (type: TransformType) => {
    chosen = chosen.filter((transform) => transform.type !== type);
  };

  if (protocol === 'IKE') {
    if (!has('PSEUDO_RANDOM_FUNCTION')) {
      for (const transform of chosen.filter(({ type }) => type === 'INTEGRITY_ALGORITHM')) {
        const derived = prfFor(transform);
        if (derived) chosen.push(derived);
      }
    }
    if (!has('PSEUDO_RANDOM_FUNCTION')) {
      return { ok: false, log: 'a PRF algorithm is mandatory in IKE proposals' };
    }
    if (!has('KEY_EXCHANGE_METHOD')) return { ok: false, log: 'a DH group is mandatory in IKE proposals' };
  } else {
    drop('PSEUDO_RANDOM_FUNCTION');
  }

  const ciphers = chosen.filter(({ type }) => type === 'ENCRYPTION_ALGORITHM');
  if (ciphers.length === 0) {
    return { ok: false, log: `an encryption algorithm is mandatory in ${protocol} proposals` };
  }
  if (ciphers.some(isAead)) {
    if (!ciphers.every(isAead)) {
      return {
        ok: false,
        log:
          'classic and combined-mode (AEAD) encryption algorithms ' +
          `can't be contained in the same ${protocol} proposal`,
      };
    }
    drop('INTEGRITY_ALGORITHM');
  } else if (protocol === 'IKE' && !has('INTEGRITY_ALGORITHM')) {
    return {
      ok: false,
      log:
        'an integrity algorithm is mandatory in IKE proposals ' +
        'with classic (non-AEAD) encryption algorithms',
    };
  }
  if (protocol === 'ESP') chosen.push(noExtendedSequenceNumbers);
  return { ok: true, proposal: { protocol, transforms: chosen } };
}

/** strongSwan's spelling without the protocol: `AES_CBC_256/HMAC_SHA2_256_128/MODP_2048/NO_EXT_SEQ`. */
export function formatProposal(proposal: Proposal): string {
  return transformTypes.flatMap((type) => ofType(proposal, type).map(formatTransform)).join('/');
}

/** As charon logs a list: `IKE:…, IKE:…`. */
export function formatProposals(proposals: readonly Proposal[]): string {
  return proposals.map((proposal) => `${proposal.protocol}:${formatProposal(proposal)}`).join(', ');
}

export function withoutKeyExchange(proposal: Proposal): Proposal {
  return {
    ...proposal,
    transforms: proposal.transforms.filter(({ type }) => type !== 'KEY_EXCHANGE_METHOD'),
  };
}

/** What one proposal makes of another: the transforms in common, or the first type that has none. */
export type Selection =
  | { readonly kind: 'selected'; readonly proposal: Proposal }
  | { readonly kind: 'no-common-transform'; readonly type: TransformType };

/** Whether Diffie-Hellman is left out of the comparison, as in IKE_AUTH (strongSwan PROPOSAL_SKIP_KE). */
export interface SelectionOptions {
  readonly skipKeyExchange?: boolean;
}

/**
 * Selects from a pair of proposals, in the order of `configured`.
 * Source: strongSwan 5.9 proposal.c, select_algos. A type that is absent on both sides matches; once an AEAD cipher
 * is chosen the integrity algorithms are not looked at.
 */
export function selectTransforms(
  configured: Proposal,
  supplied: Proposal,
  options: SelectionOptions = {},
): Selection {
  const selected: Transform[] = [];
  let skipIntegrity = false;
  for (const type of transformTypes) {
    if (type === 'INTEGRITY_ALGORITHM' && skipIntegrity) continue;
    if (type === 'KEY_EXCHANGE_METHOD' && options.skipKeyExchange) continue;
    const own = ofType(configured, type);
    const other = ofType(supplied, type);
    if (own.length === 0 && other.length === 0) continue;
    const common = own.find((transform) => isCommon(transform, other));
    if (!common) return { kind: 'no-common-transform', type };
    selected.push(common);
    if (isAead(common)) skipIntegrity = true;
  }
  return { kind: 'selected', proposal: { protocol: configured.protocol, transforms: selected } };
}

/**
 * The first of the responder's own proposals that some supplied one satisfies: the responder's order decides
 * (strongSwan proposal_select with `prefer_configured_proposals`, its default). Undefined where none is common.
 */
export function selectProposal(
  configured: readonly Proposal[],
  supplied: readonly Proposal[],
  options: SelectionOptions = {},
): Proposal | undefined {
  for (const own of configured) {
    for (const other of supplied) {
      const selection = selectTransforms(own, other, options);
      if (selection.kind === 'selected') return selection.proposal;
    }
  }
  return undefined;
}

function isCommon(transform: Transform, others: readonly Transform[]): boolean {
  return !isPrivateUse(transform) && others.some((candidate) => sameTransform(transform, candidate));
}

/** One pair of proposals that do not match, by their places in the two lists, and every type without a common value. */
export interface ProposalDifference {
  readonly initiatorProposal: number;
  readonly responderProposal: number;
  readonly types: readonly TransformType[];
}

/**
 * How two lists without a common proposal differ: the pair (or pairs) with the fewest transform types in the way.
 * An AEAD cipher against a classic one differs in the cipher alone: the integrity algorithm comes and goes with it.
 */
export function nearestDifferences(
  initiator: readonly Proposal[],
  responder: readonly Proposal[],
  options: SelectionOptions = {},
): readonly ProposalDifference[] {
  const differences = initiator.flatMap((offered, initiatorProposal) =>
    responder.map((own, responderProposal) => ({
      initiatorProposal,
      responderProposal,
      types: differingTypes(own, offered, options),
    })),
  );
  const fewest = differences.reduce((least, { types }) => Math.min(least, types.length), Infinity);
  return differences.filter(({ types }) => types.length === fewest);
}

function differingTypes(own: Proposal, other: Proposal, options: SelectionOptions): readonly TransformType[] {
  const ownAead = ofType(own, 'ENCRYPTION_ALGORITHM').some(isAead);
  const otherAead = ofType(other, 'ENCRYPTION_ALGORITHM').some(isAead);
  return transformTypes.filter((type) => {
    if (type === 'INTEGRITY_ALGORITHM' && (ownAead || otherAead)) return false;
    if (type === 'KEY_EXCHANGE_METHOD' && options.skipKeyExchange) return false;
    const ours = ofType(own, type);
    const theirs = ofType(other, type);
    if (ours.length === 0 && theirs.length === 0) return false;
    return !ours.some((transform) => isCommon(transform, theirs));
  });
}

function named(...algorithms: readonly string[]): readonly Transform[] {
  return algorithms.map((algorithm) => transformNamed(algorithm));
}

function allKeySizes(...algorithms: readonly string[]): readonly Transform[] {
  return algorithms.flatMap((algorithm) =>
    [128, 192, 256].map((keySize) => transformNamed(algorithm, keySize)),
  );
}

const sha2 = named('HMAC_SHA2_256_128', 'HMAC_SHA2_384_192', 'HMAC_SHA2_512_256');

const defaultPrfsAndGroups = [
  ...named('PRF_HMAC_SHA2_256', 'PRF_HMAC_SHA2_384', 'PRF_HMAC_SHA2_512'),
  ...named('PRF_AES128_XCBC', 'PRF_AES128_CMAC', 'PRF_HMAC_SHA1'),
  ...named('CURVE_25519', 'CURVE_448', 'ECP_256', 'ECP_384', 'ECP_521'),
  ...named('ECP_256_BP', 'ECP_384_BP', 'ECP_512_BP'),
  ...named('MODP_3072', 'MODP_4096', 'MODP_6144', 'MODP_8192', 'MODP_2048'),
];

/**
 * What strongSwan offers and accepts where a configuration names no proposal (proposal.c,
 * proposal_create_default and proposal_create_default_aead; the order is that of Debian's 5.9.8 with its plugins).
 */
export const defaultProposals: Readonly<Record<Protocol, readonly Proposal[]>> = {
  IKE: [
    {
      protocol: 'IKE',
      transforms: [
        ...allKeySizes('AES_CBC', 'AES_CTR', 'CAMELLIA_CBC', 'CAMELLIA_CTR'),
        ...named('3DES_CBC'),
        ...sha2,
        ...named('HMAC_SHA1_96', 'AES_XCBC_96', 'AES_CMAC_96'),
        ...defaultPrfsAndGroups,
      ],
    },
    {
      protocol: 'IKE',
      transforms: [
        ...allKeySizes('AES_GCM_16', 'AES_CCM_16'),
        ...named('CHACHA20_POLY1305'),
        ...allKeySizes('CAMELLIA_CCM_16', 'AES_GCM_12', 'AES_GCM_8', 'AES_CCM_12', 'AES_CCM_8'),
        ...allKeySizes('CAMELLIA_CCM_8', 'CAMELLIA_CCM_12'),
        ...defaultPrfsAndGroups,
      ],
    },
  ],
  ESP: [
    { protocol: 'ESP', transforms: [...allKeySizes('AES_GCM_16'), noExtendedSequenceNumbers] },
    {
      protocol: 'ESP',
      transforms: [
        ...allKeySizes('AES_CBC'),
        ...sha2,
        ...named('HMAC_SHA1_96', 'AES_XCBC_96'),
        noExtendedSequenceNumbers,
      ],
    },
  ],
};

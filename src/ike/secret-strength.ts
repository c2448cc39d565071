import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { holdsOfSecret, type Secret } from './secret.ts';

/**
 * Decimal digits of the guesses that a key must be worth. The estimator counts ten guesses for a character in which it
 * sees no pattern, and one or two of twenty random characters make a pattern by chance.
 */
const enoughDigits = 17;

/** Long keys take time to judge, and what is left out can only make them harder to guess. */
const mostCharacters = 64;

/** Ways to read digits as letters (`S3cr3t`): to try them all is most of the estimator's work. */
const mostSubstitutions = 2;

/** What people make keys of VPNs of, and manuals their examples. The large word lists are not worth their size here. */
const words = (
  'a an and between for from here is it me my not of our please some that the this to use very we with ' +
  'you your one two main test testing strong strongest stronger secret secrets secure security safe ' +
  'shared preshared pre share psk key keys password passwort passphrase passwd pass pwd word phrase ' +
  'example sample demo lab default change changeme replace must long longer enough random string text ' +
  'generate generated insert put enter set value super top mysecret iamsecret supersecret mypassword ' +
  'mykey characters complex unique private vyos vyatta edgeos ubiquiti ubnt cisco juniper fortinet ' +
  'fortigate mikrotik pfsense azure aws amazon google cloud strongswan swan linux debian ipsec ike ' +
  'ikev2 esp vpn tunnel site sites branch office home hub spoke remote local left right east west north ' +
  'south hq head headquarters datacenter center dc router gateway firewall network internet company ' +
  'corp server client peer connect connection link admin administrator root user login welcome hello ' +
  'letmein access master system monkey dragon football baseball sunshine princess shadow love god ' +
  'winter spring summer autumn january february march april may june july august september october ' +
  'november december monday friday sunday correct horse battery staple qwerty qwertz azerty asdf asdfgh ' +
  'asdfghjkl zxcvbn zxcvbnm qwertyuiop qaz wsx edc'
).split(' ');

/** The estimator takes a word to be as likely as its place in a list says: here each counts as a common one. */
const dictionaries: Readonly<Record<string, string[]>> = Object.fromEntries(
  Array.from({ length: Math.ceil(words.length / 20) }, (_, index) => [
    `words${index}`,
    words.slice(index * 20, index * 20 + 20),
  ]),
);

/** Judges keys: true where one is easier to guess than twenty random characters, undefined where it is not there. */
export type GuessabilityJudge = (secret: Secret) => boolean | undefined;

/** `context`: names of the configuration, with which a guesser would begin. */
export function guessabilityJudge(context: readonly string[]): GuessabilityJudge {
  const names = [...new Set(context.flatMap((name) => name.toLowerCase().split(/[^a-z0-9]+/)))].filter(
    (name) => name.length > 1,
  );
  let estimator: ZxcvbnFactory | undefined;
  return (secret) =>
    holdsOfSecret(secret, (key) => {
      // At ten guesses for a character so few can never be worth enough.
      if (key.length < enoughDigits) return true;
      estimator ??= new ZxcvbnFactory({
        // Not handed over with each key: they would be put in order anew for each.
        dictionary: { ...dictionaries, names },
        l33tMaxSubstitutions: mostSubstitutions,
      });
      return estimator.check(key.slice(0, mostCharacters)).guessesLog10 < enoughDigits;
    });
}

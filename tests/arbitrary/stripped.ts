/**
 * A dump as `strip-private` of VyOS leaves it (vyos-1x src/helpers/strip-private.py), but for the values that `keep`
 * spares: what a person masks by hand, or what an option of that program leaves.
 */
export function stripped(dump: string, keep: (index: number) => boolean = () => false): string {
  let count = 0;
  const unless = (text: string, mask: string): string => {
    count += 1;
    return keep(count - 1) ? text : mask;
  };
  return dump
    .split('\n')
    .map((line) =>
      line
        .replace(/(?:[0-9a-fA-F]{1,4}:){2}([0-9a-fA-F:]+)/g, (all, rest: string) =>
          unless(all, `xxxx:xxxx:${rest}`),
        )
        .replace(/(?:\d{1,3}\.){2}(\d{1,3}\.\d{1,3})/g, (all, rest: string) => unless(all, `xxx.xxx.${rest}`))
        .replace(/(pre-shared-secret|secret) (\S+)/g, (all, name: string) => unless(all, `${name} xxxxxx`))
        .replace(/ (peer|remote-host|local-host|server) (?:[\w-]+\.)+[\w-]+/g, (all, name: string) =>
          unless(all, ` ${name} xxxxx.tld`),
        ),
    )
    .join('\n');
}

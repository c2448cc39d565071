/**
 * VyOS's order of names: runs of digits that face each other compare as numbers, all else by character.
 * vyos1x-config src/lexical_numeric_compare.c.
 */
export function compareNames(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const left = digitsAt(a, i);
    const right = digitsAt(b, j);
    if (left !== '' && right !== '') {
      const order = compareNumbers(left, right);
      if (order !== 0) return order;
      i += left.length;
      j += right.length;
    } else if (a[i] === b[j]) {
      i += 1;
      j += 1;
    } else {
      return (a[i] ?? '') < (b[j] ?? '') ? -1 : 1;
    }
  }
  return Math.sign(a.length - i - (b.length - j)) || Math.sign(a.length - b.length);
}

function digitsAt(text: string, start: number): string {
  let end = start;
  while (end < text.length && isDigit(text.charCodeAt(end))) end += 1;
  return text.slice(start, end);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Runs of digits of any length, as numbers. */
function compareNumbers(a: string, b: string): number {
  const left = a.replace(/^0+/, '');
  const right = b.replace(/^0+/, '');
  if (left.length !== right.length) return left.length < right.length ? -1 : 1;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

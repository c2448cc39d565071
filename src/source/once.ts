/**
 * A function that works out once for each object what follows from it, and forgets it with the object. For what many
 * rules ask of one site, and some of them for each of its peers: a hub has hundreds.
 */
export function oncePer<Of extends object, Value>(workOut: (of: Of) => Value): (of: Of) => Value {
  const known = new WeakMap<Of, { readonly value: Value }>();
  return (of) => {
    const before = known.get(of);
    if (before) return before.value;
    const value = workOut(of);
    known.set(of, { value });
    return value;
  };
}

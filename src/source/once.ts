/**
 * A function that works out once for each object what follows from it, and forgets it with the object. For what many
 * callers ask of one site, one link or one dump: a hub has hundreds of peers.
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

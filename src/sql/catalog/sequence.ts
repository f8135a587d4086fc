export interface Sequence {
  readonly schema?: string | undefined;
  readonly name: string;
  /** `table key.column`. */
  readonly ownedBy?: string | undefined;
}

/** Key of the table whose column owns a sequence. */
export function ownerOf(sequence: Sequence | undefined): string | undefined {
  return sequence?.ownedBy?.slice(0, sequence.ownedBy.lastIndexOf('.'));
}

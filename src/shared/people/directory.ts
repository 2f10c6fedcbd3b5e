export type Role = 'customer' | 'staff' | 'self';

/** Somebody, and all the identities that are theirs. */
export interface PersonRecord {
  /** `p_…`, which tells nothing of them. */
  id: string;
  name?: string;
  /** `self` are our own service users, numbers and bots. */
  role: Role;
  /** Each is of one person only. */
  identities: string[];
  /** Numbers, channels and addresses of ours that this member of staff answers for, with others perhaps. */
  answersFor?: string[];
}

interface Options {
  signal?: AbortSignal;
}

/** Who is who. Errors are those of the storage client. */
export interface Directory {
  get(personId: string, options?: Options): Promise<PersonRecord | undefined>;
  /** The person that an identity is linked to. */
  personOf(identity: string, options?: Options): Promise<PersonRecord | undefined>;
  /** The person of an identity; one is made where there is none. */
  ensure(identity: string, options?: Options & { role?: Role }): Promise<PersonRecord>;
  /** Notes that an identity is ours, unless an operator has said what it is. Costs nothing once it is known. */
  learnSelf(identity: string, options?: Options): Promise<void>;
  /**
   * Makes a person what `change` makes of the record that there is, and returns that; done again where somebody else
   * writes meanwhile. Throws `identity_taken` where an identity belongs to somebody else of whom more is known than that
   * identity, and whatever `change` throws; then nothing has changed.
   */
  change(personId: string, change: (known: PersonRecord | undefined) => PersonRecord): Promise<PersonRecord>;
  /** Takes a person and the links of their identities out of the directory. */
  remove(personId: string, options?: Options): Promise<void>;
}

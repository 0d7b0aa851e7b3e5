import type pg from 'pg'
import type { Keyring } from '../secrets/keyring.ts'
import type { Vocabulary } from './vocabulary.ts'

/** Which jobs react to an event of a type; filled from the modules' manifests. */
export type Reactions = ReadonlyMap<string, readonly string[]>

/** What a process has for all requests and jobs; built once, passed down, replaceable in tests. */
export interface Installation {
  pool: pg.Pool
  keyring: Keyring
  reactions: Reactions
  /** Fields, metrics and events that the modules declare. */
  vocabulary: Vocabulary
  /** Public address of the pages, without a slash at the end. */
  address: string
  /** Undefined without an SMTP server: system mails are kept and shown in the mailbox of the demo. */
  smtp: { url: string; from: { name: string; address: string } } | undefined
  /** Folder in which files for import are laid down; undefined: none is watched. */
  importFolder?: string
  /** Addresses beside the public internet to which notices may be sent: IP addresses or CIDR ranges. */
  privateTargets?: readonly string[]
}

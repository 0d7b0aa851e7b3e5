import { hash, verify } from '@node-rs/argon2'
import { dictionary } from '@zxcvbn-ts/language-common'
import { invalidField } from '../errors/app-error.ts'

// argon2id with the parameters that OWASP recommends: 19 MiB, 2 passes, 1 lane (about 20 ms).
const parameters = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** The most common passwords of breaches (the list is ordered by frequency; ASVS 6.2.4 asks for the first 3,000). */
const common = new Set(dictionary['passwords-common'].slice(0, 10_000))

/** Compared against when there is no such account, so that the answer takes the same time. */
const nobody = await hash('nobody has this password', parameters)

export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFKC'), parameters)
}

/** @param stored undefined when there is no such account: the answer is false, after the same work */
export async function passwordFits(stored: string | undefined, password: string): Promise<boolean> {
  const fits = await verify(stored ?? nobody, password.normalize('NFKC'))
  return fits && stored !== undefined
}

/** @throws AppError `invalid_input` for a password that is among the first an attacker tries */
export function refuseCommonPassword(password: string, path = 'body.password'): void {
  if (!common.has(password.toLowerCase())) return
  throw invalidField(path, {
    ja: 'よく使われるパスワードのため設定できません。別のパスワードにしてください。',
    en: 'This is one of the most common passwords. Choose another one.',
  })
}

import { spawnSync } from 'node:child_process'
import { constants } from 'node:fs'
import { access, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'

export interface Chromium {
  executable: string
  /** Environment of the process: libraries and fonts that the packaged browser brings. */
  environment: Record<string, string>
}

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const cache = join(import.meta.dirname, '../../.cache')

/** The machine's fonts and the one of the package: without any font Chromium ends itself at the first text. */
const fontConfiguration = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`

/**
 * The browser of the tests: an installed Chromium that runs, else the one in the npm package.
 * `KIZUNA_TEST_CHROMIUM=package` skips the installed ones.
 * @throws Error when neither runs, with what each said
 */
export async function findChromium(): Promise<Chromium> {
  const faults: string[] = []
  for (const executable of process.env.KIZUNA_TEST_CHROMIUM === 'package' ? [] : await installed()) {
    const chromium = { executable, environment: {} }
    const fault = whyNot(chromium)
    if (!fault) return chromium
    faults.push(fault)
  }
  const packaged = await unpacked()
  const fault = whyNot(packaged)
  if (!fault) return packaged
  faults.push(fault)
  throw new Error(
    `No Chromium runs on this machine; install one (Debian: apt-get install chromium).\n${faults.join('\n')}`,
  )
}

async function installed(): Promise<string[]> {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin'].filter(folder => folder !== '')
  const found = []
  for (const name of names) {
    for (const folder of new Set(folders)) {
      const path = join(folder, name)
      if (await exists(path, constants.X_OK)) found.push(path)
    }
  }
  return found
}

/** Starts it once for its version: missing libraries show here, in words. */
function whyNot({ executable, environment }: Chromium): string | undefined {
  const result = spawnSync(executable, ['--version'], {
    env: { ...process.env, ...environment },
    encoding: 'utf8',
    timeout: 20_000,
  })
  if (result.status === 0) return undefined
  return `${executable}: ${result.error?.message ?? (result.stderr.trim() || `exit status ${result.status}`)}`
}

/**
 * Unpacks the browser of `@sparticuz/chromium` once per version into `.cache`, with the libraries (NSS, NSPR, Expat)
 * that a bare Debian lacks. The package itself unpacks to a fixed name in the temporary folder, where a half-written
 * file of a killed run, or another user's, would be taken for the browser: hence a folder of our own and a rename.
 */
async function unpacked(): Promise<Chromium> {
  const { inflate } = await import('@sparticuz/chromium')
  const root = dirname(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')))
  const { version } = createRequire(import.meta.url)(join(root, 'package.json')) as { version: string }
  const home = join(cache, `chromium-${version}-${process.arch}`)
  if (!(await exists(home, constants.R_OK))) {
    await mkdir(cache, { recursive: true })
    const draft = await mkdtemp(join(cache, 'chromium-draft-'))
    await inTemporaryFolder(draft, async () => {
      for (const archive of ['chromium.br', 'fonts.tar.br', 'al2023.tar.br']) await inflate(join(root, 'bin', archive))
    })
    await writeFile(join(draft, 'fonts.conf'), fontConfiguration)
    // Another run may have been first: then this copy is superfluous.
    await rename(draft, home).catch(error =>
      error.code === 'ENOTEMPTY' ? rm(draft, { recursive: true }) : fail(error),
    )
  }
  const libraries = join(home, 'al2023', 'lib')
  return {
    executable: join(home, 'chromium'),
    environment: {
      LD_LIBRARY_PATH: [libraries, process.env.LD_LIBRARY_PATH ?? ''].filter(path => path !== '').join(delimiter),
      FONTCONFIG_FILE: join(home, 'fonts.conf'),
    },
  }
}

async function inTemporaryFolder(folder: string, action: () => Promise<void>): Promise<void> {
  const before = process.env.TMPDIR
  process.env.TMPDIR = folder
  try {
    await action()
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
}

function exists(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  )
}

function fail(error: unknown): never {
  throw error
}

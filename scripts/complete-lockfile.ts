/**
 * Adds the platform packages that package-lock.json lacks. npm drops an optional package that the registry in use does
 * not carry (binaries of other systems), and then `npm ci` refuses the file it wrote. Run after changing dependencies.
 * The entries have no integrity hash; one made with a complete registry has, and is left as it is.
 */
import { readFileSync, writeFileSync } from 'node:fs'

interface Entry {
  version?: string
  dev?: boolean
  optional?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  optionalDependencies?: Record<string, string>
}

const file = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, Entry> }
const missing = Object.entries(lock.packages).flatMap(([place, entry]) =>
  Object.entries(entry.optionalDependencies ?? {})
    // A range cannot be pinned without asking the registry; platform packages are pinned by their parents.
    .filter(([name, version]) => /^\d/.test(version) && !isFound(place, name))
    .map(([name, version]) => [`node_modules/${name}`, platformEntry(name, version, entry.dev)] as const),
)
for (const [place, entry] of missing) lock.packages[place] = entry
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
console.log(`Added ${missing.length} platform packages.`)

/** Looks a package up as Node does: in the folder of the one that asks, then in those above it. */
function isFound(place: string, name: string): boolean {
  for (let at = place; ; at = at.includes('/node_modules/') ? at.slice(0, at.lastIndexOf('/node_modules/')) : '') {
    if (lock.packages[`${at ? `${at}/` : ''}node_modules/${name}`]) return true
    if (at === '') return false
  }
}

/** The system that a platform package is for stands in its name. */
function platformEntry(name: string, version: string, dev: boolean | undefined): Entry {
  const os = /(android|darwin|linux|freebsd|openharmony|win32)/.exec(name)?.[1]
  const cpu = /-(arm64|x64|ia32|ppc64|riscv64|s390x|arm|wasm32)\b/.exec(name)?.[1]
  return {
    version,
    ...(cpu && { cpu: [cpu] }),
    ...(dev && { dev: true }),
    optional: true,
    ...(os && { os: [os] }),
    ...(os === 'linux' && { libc: [name.includes('musl') ? 'musl' : 'glibc'] }),
  }
}

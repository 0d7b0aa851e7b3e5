import { readdirSync, readFileSync } from 'node:fs'

/** Ids of the processes below one, with their command lines (Linux). */
function descendants(pid: number): { pid: number; parent: number; command: string }[] {
  const all = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => {
      try {
        const parent = Number(/^\d+ \(.*\) \S (\d+)/s.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1])
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ')
        return [{ pid: Number(name), parent, command }]
      } catch {
        // It ended while we looked.
        return []
      }
    })
  const found: typeof all = []
  let generation = [pid]
  while (generation.length > 0) {
    const children = all.filter(entry => generation.includes(entry.parent))
    found.push(...children)
    generation = children.map(child => child.pid)
  }
  return found
}

export type Victim = 'server' | 'worker' | 'database' | 'database session'

/** A process of the product to kill; undefined while it is not there. */
export function findVictim(supervisor: number, victim: Victim): number | undefined {
  const below = descendants(supervisor)
  const role = (name: string) =>
    below.find(entry => entry.command.includes('main.ts') && entry.command.trimEnd().endsWith(name))?.pid
  if (victim === 'server') return role('serve')
  if (victim === 'worker') return role('work')
  const postmaster = below.find(entry => / -D /.test(entry.command) && entry.command.includes('postgres'))
  if (victim === 'database') return postmaster?.pid
  const sessions = below.filter(entry => entry.parent === postmaster?.pid && entry.command.includes('kizuna_app'))
  return sessions[Math.floor(Math.random() * sessions.length)]?.pid
}

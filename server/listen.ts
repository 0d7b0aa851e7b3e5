import { AppError } from './platform/errors/app-error.ts'

/** How many ports after the first are tried. */
const attempts = 50

/**
 * Listens on the port; where it is taken and nobody asked for it, on the next free one.
 * @param listen rejects with the system's error when the port cannot be had
 * @returns the port that `listen` was last called with
 * @throws AppError `unavailable`, with the system's error as its cause
 */
export async function listenOnFreePort(
  listen: (port: number) => Promise<void>,
  { port, asked }: { port: number; asked: boolean },
): Promise<number> {
  for (let candidate = port; ; candidate += 1) {
    try {
      await listen(candidate)
      return candidate
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      const taken = code === 'EADDRINUSE'
      if (taken && !asked && candidate < port + attempts) continue
      if (taken) throw portTaken(port, error)
      if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') throw cannotListen(candidate, error)
      throw error
    }
  }
}

/** Whether the error says that no port could be had because others hold it. */
export function isPortTaken(error: unknown): boolean {
  return error instanceof AppError && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'EADDRINUSE'
}

function portTaken(port: number, cause: unknown): AppError {
  return new AppError(
    'unavailable',
    {
      ja: `ポート ${port} は使用中です。使用しているプログラムを終了するか、PORTに別の番号を指定してください。`,
      en: `Port ${port} is in use. Stop the program that uses it, or set PORT to another number.`,
    },
    { cause },
  )
}

function cannotListen(port: number, cause: unknown): AppError {
  const reason = (cause as Error).message
  return new AppError(
    'unavailable',
    {
      ja: `ポート ${port} で待ち受けできません（${reason}）。HOSTとPORTを確認してください。1024未満の番号には権限が必要です。`,
      en: `Cannot listen on port ${port} (${reason}). Check HOST and PORT; numbers below 1024 need a privilege.`,
    },
    { cause },
  )
}

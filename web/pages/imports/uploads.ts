import { useSyncExternalStore } from 'react'
import { getImport, partSize, putImportPart } from '../../../server/collect/imports/contract/imports.ts'
import { call } from '../../api/client.ts'
import { invalidate } from '../../api/hooks.ts'

/** A file on its way to the server. */
interface Upload {
  /** Bytes that have arrived. */
  sent: number
  size: number
  running: boolean
  /** Why it stopped; it goes on with the part that failed. */
  fault: unknown
}

/** Files that this page holds, by the import they are for: they outlive the screen, not the page. */
const files = new Map<string, File>()
const uploads = new Map<string, Upload>()
const listeners = new Set<() => void>()

function set(id: string, next: Partial<Upload>): void {
  const known = uploads.get(id) ?? { sent: 0, size: files.get(id)?.size ?? 0, running: false, fault: undefined }
  uploads.set(id, { ...known, ...next })
  for (const listener of listeners) listener()
}

/** Sends a file part by part, from the first that the server lacks. Faults are kept in the upload. */
export async function sendFile(id: string, file: File, received: number): Promise<void> {
  if (uploads.get(id)?.running) return
  files.set(id, file)
  // Parts go in order, so what has arrived is a whole number of them.
  let sent = Math.floor(received / partSize) * partSize
  set(id, { sent, size: file.size, running: true, fault: undefined })
  try {
    for (; sent < file.size; sent = Math.min(sent + partSize, file.size)) {
      set(id, { sent })
      const body = file.slice(sent, sent + partSize)
      await call(putImportPart, { params: { id, number: sent / partSize }, body })
    }
    set(id, { sent, running: false })
    await invalidate(getImport.path)
  } catch (fault) {
    set(id, { running: false, fault })
  }
}

/** Goes on with an upload that stopped. @returns false where the page no longer holds the file */
export function resume(id: string, received: number): boolean {
  const file = files.get(id)
  if (file) void sendFile(id, file, received)
  return file !== undefined
}

/** How far the upload of an import is; undefined where this page sends nothing. */
export function useUpload(id: string): Upload | undefined {
  return useSyncExternalStore(
    listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => uploads.get(id),
  )
}

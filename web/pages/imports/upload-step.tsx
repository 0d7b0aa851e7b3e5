import { useEffect, useState } from 'react'
import type { ImportDetail } from '../../../server/collect/imports/contract/shapes.ts'
import { wordsOf } from '../../api/hooks.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Section } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'
import { FileDrop } from './file-drop.tsx'
import { ProgressBar } from './progress-bar.tsx'
import { resume, sendFile, useUpload } from './uploads.ts'

/** The file on its way; after a break it goes on where it was, with the same file chosen once more if the page was left. */
export function UploadStep({ line }: { line: ImportDetail }) {
  const t = useText()
  const format = useFormat()
  const upload = useUpload(line.id)
  const [fault, setFault] = useState<string | null>(null)
  const sent = Math.max(upload?.sent ?? 0, line.received)
  const isStopped = !upload?.running
  useEffect(() => {
    // A page that is closed now loses nothing that has arrived, but the rest of the file.
    if (isStopped) return
    const hold = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', hold)
    return () => removeEventListener('beforeunload', hold)
  }, [isStopped])
  const again = (file: File) => {
    if (file.size !== line.size || file.name !== line.fileName) {
      setFault(t('imports.otherFile', { name: line.fileName, size: format.bytes(line.size) }))
      return
    }
    setFault(null)
    void sendFile(line.id, file, line.received)
  }
  const share = line.size === 0 ? 0 : sent / line.size
  return (
    <Section title={t('imports.uploading')} note={format.percent(share)}>
      <div className="grid gap-4">
        <ProgressBar label={t('imports.uploading')} share={share}>
          {t('imports.uploaded', { sent: format.bytes(sent), size: format.bytes(line.size) })}
        </ProgressBar>
        {upload?.fault !== undefined && (
          <Note tone="red" alert>
            <p>{t('imports.uploadFailed', { reason: wordsOf(upload.fault, t) })}</p>
            <Button size="small" icon="refresh" onClick={() => resume(line.id, line.received)}>
              {t('imports.resume')}
            </Button>
          </Note>
        )}
        {!upload && (
          <>
            <Note tone="orange">{t('imports.uploadLeft', { name: line.fileName })}</Note>
            {fault && (
              <Note tone="red" alert>
                {fault}
              </Note>
            )}
            <FileDrop
              title={t('imports.dropAgain', { name: line.fileName })}
              hint={t('imports.dropAgainHint', { size: format.bytes(line.received) })}
              choose={t('imports.choose')}
              pending={false}
              onFile={again}
            />
          </>
        )}
      </div>
    </Section>
  )
}

import { useRef } from 'react'
import { useText } from '../../../i18n/provider.tsx'
import { Button } from '../../../kit/button.tsx'
import { toastFailed } from '../../../kit/toast.tsx'

/** Most that the files may have together (bytes). */
const most = 900_000

/** Opens YAML files of the person's machine. */
export function FileButton({ onFiles }: { onFiles: (files: { name: string; text: string }[]) => void }) {
  const t = useText()
  const input = useRef<HTMLInputElement>(null)
  const read = async (chosen: FileList) => {
    const files = [...chosen]
    if (files.reduce((sum, { size }) => sum + size, 0) > most) {
      toastFailed(t('blueprints.tooLarge'))
      return
    }
    onFiles(await Promise.all(files.map(async file => ({ name: file.name, text: await file.text() }))))
  }
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        accept=".yaml,.yml"
        aria-label={t('blueprints.file')}
        onChange={event => {
          const { files } = event.currentTarget
          if (files && files.length > 0) void read(files)
        }}
      />
      <Button size="small" icon="upload" onClick={() => input.current?.click()}>
        {t('blueprints.file')}
      </Button>
    </>
  )
}

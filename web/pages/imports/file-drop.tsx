import { type DragEvent, type ReactNode, useRef, useState } from 'react'
import { useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Icon } from '../../kit/icon.tsx'

/** What the system's file dialog offers first; other files can still be chosen there. */
const accepted = '.csv,.tsv,.txt,.xlsx,.jsonl,.ndjson,text/csv'

interface FileDropProps {
  title: string
  hint: ReactNode
  choose: string
  pending: boolean
  onFile: (file: File) => void
}

/** A place that a file is dropped on, with a button that opens the file dialog. */
export function FileDrop({ title, hint, choose, pending, onFile }: FileDropProps) {
  const t = useText()
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const [file] = event.dataTransfer.files
    if (file && !pending) onFile(file)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut of the pointer; the button does the same
    <div
      className="im-drop"
      data-over={over || undefined}
      onDragOver={event => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Icon name="upload" />
      <p className="im-drop-title">{title}</p>
      <Button kind="primary" pending={pending} onClick={() => input.current?.click()}>
        {choose}
      </Button>
      <div className="im-drop-hint">{hint}</div>
      <input
        ref={input}
        type="file"
        className="k-hidden"
        accept={accepted}
        tabIndex={-1}
        aria-label={t('imports.file')}
        onChange={event => {
          const [file] = event.currentTarget.files ?? []
          event.currentTarget.value = ''
          if (file) onFile(file)
        }}
      />
    </div>
  )
}

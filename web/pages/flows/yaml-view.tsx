import { useEffect, useState } from 'react'
import type { FlowDocument } from '../../../server/engage/flows/contract/document.ts'
import { formatFlow, readFlow } from '../../../server/engage/flows/contract/flows.ts'
import { useAnswer } from '../../api/answer.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Field, Textarea } from '../../kit/field.tsx'
import { Note } from '../../kit/note.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'

interface YamlViewProps {
  document: FlowDocument
  onChange: ((document: FlowDocument) => void) | undefined
}

/** The flow as YAML, to be read, copied and changed; what cannot be read is named with its line. */
export function YamlView({ document, onChange }: YamlViewProps) {
  const t = useText()
  const { locale } = useLocale()
  const { shown, fault } = useAnswer(formatFlow, { body: { document } })
  const [text, setText] = useState<string>()
  const typed = text !== undefined && text !== shown?.yaml ? text : undefined
  const read = useAnswer(readFlow, typed === undefined ? null : { body: { yaml: typed } })
  const faults = typed === undefined ? [] : (read.shown?.faults ?? [])
  const ready = typed !== undefined ? read.shown?.document : undefined
  useEffect(() => {
    if (shown) setText(shown.yaml)
  }, [shown])
  if (fault) {
    return (
      <Note tone="red" alert>
        {fault}
      </Note>
    )
  }
  if (text === undefined) return <SkeletonRows rows={12} />
  return (
    <div className="fl-yaml">
      <Field label={t('flows.yaml')} hint={t('flows.yamlHint')}>
        <Textarea
          rows={28}
          spellCheck={false}
          readOnly={!onChange}
          value={text}
          onChange={event => setText(event.currentTarget.value)}
        />
      </Field>
      <div aria-live="polite">
        {faults.length > 0 && (
          <Note tone="red">
            <ul>
              {faults.map(({ line, column, path, message }) => (
                <li key={`${line}:${column} ${path}`}>
                  {t('flows.yamlFault', { line, column })} {path} {message[locale]}
                </li>
              ))}
            </ul>
          </Note>
        )}
      </div>
      {onChange && (
        <div className="fl-actions">
          <Button
            kind="primary"
            disabled={!ready || faults.length > 0}
            onClick={() => ready && onChange(ready as FlowDocument)}
          >
            {t('flows.takeYaml')}
          </Button>
          {typed !== undefined && (
            <Button kind="quiet" onClick={() => setText(shown?.yaml)}>
              {t('flows.dropYaml')}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}

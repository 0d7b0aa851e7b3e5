import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { IconButton } from '../../kit/button.tsx'
import { Icon } from '../../kit/icon.tsx'
import type { Entry, Schema } from './document.ts'
import { curlOf } from './example.ts'
import { lineOf, linesOf, type SchemaLine } from './schema-line.ts'

interface OperationLineProps {
  entry: Entry
  schemas: Record<string, Schema>
  address: string
}

/** One operation: a line, and all about it when it is opened. `/docs#<operation>` opens it. */
export function OperationLine({ entry, schemas, address }: OperationLineProps) {
  const [open, setOpen] = useState(() => location.hash === `#${entry.id}`)
  const place = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    // The browser looked for the place before there was one: the document comes later.
    if (location.hash === `#${entry.id}`) place.current?.scrollIntoView()
  }, [entry.id])
  return (
    <details
      ref={place}
      className="d-operation"
      id={entry.id}
      open={open}
      onToggle={event => setOpen(event.currentTarget.open)}
    >
      <summary>
        <Icon name="chevron-right" size="small" />
        <span className="d-method" data-method={entry.method}>
          {entry.method}
        </span>
        <code className="d-path">{entry.path}</code>
        <span className="d-summary" lang="en">
          {entry.summary}
        </span>
      </summary>
      {open && <Details entry={entry} schemas={schemas} address={address} />}
    </details>
  )
}

function Details({ entry, schemas, address }: OperationLineProps) {
  const t = useText()
  const parameters = entry.parameters.map(parameter => ({
    place: parameter.in,
    line: lineOf(
      parameter.name,
      { ...parameter.schema, ...(parameter.description && { description: parameter.description }) },
      parameter.required ?? false,
      schemas,
    ),
  }))
  return (
    <div className="d-details">
      <div className="d-columns">
        <div>
          <Part title={t('docs.access')}>
            <p>
              <AccessWords access={entry.access} />
            </p>
          </Part>
          {parameters.length > 0 && (
            <Part title={t('docs.parameters')}>
              <ul className="d-tree">
                {parameters.map(({ place, line }) => (
                  <TreeLine key={`${place} ${line.name}`} line={line} place={place} sent />
                ))}
              </ul>
            </Part>
          )}
          {entry.request && (
            <Part title={t('docs.request')}>
              <Tree lines={linesOf(entry.request, schemas)} sent />
            </Part>
          )}
          <Part title={t('docs.response')} note={[entry.status, entry.response?.type].filter(Boolean).join(' · ')}>
            {entry.response ? (
              <Tree lines={linesOf(entry.response.schema, schemas)} />
            ) : (
              <p className="text-t2">{t('docs.noBody')}</p>
            )}
          </Part>
        </div>
        <Example text={curlOf(entry, schemas, address)} />
      </div>
    </div>
  )
}

function AccessWords({ access }: { access: string }) {
  const t = useText()
  if (access === 'public') return t('docs.accessPublic')
  if (access === 'session') return t('docs.accessSession')
  if (access === 'half_session') return t('docs.accessHalfSession')
  return (
    <>
      {t('docs.accessPermission')} <Badge>{access}</Badge>
    </>
  )
}

function Part({ title, note, children }: { title: string; note?: string; children: ReactNode }) {
  return (
    <div className="d-part">
      <h3>
        {title}
        {note && <small>{note}</small>}
      </h3>
      {children}
    </div>
  )
}

/** @param sent what the caller sends: says which fields must be there; in an answer they are all there */
function Tree({ lines, sent = false }: { lines: readonly SchemaLine[]; sent?: boolean }) {
  const t = useText()
  if (lines.length === 0) return <p className="text-t2">{t('docs.text')}</p>
  return (
    <ul className="d-tree">
      {lines.map(line => (
        <TreeLine key={line.name} line={line} sent={sent} />
      ))}
    </ul>
  )
}

function TreeLine({ line, place, sent }: { line: SchemaLine; place?: string; sent: boolean }) {
  const t = useText()
  return (
    <li>
      <p className="d-field">
        <code>{line.name}</code>
        <span>{line.type}</span>
        {place && <span>{place}</span>}
        {sent && line.required && <span className="d-required">{t('docs.required')}</span>}
        {line.limits.map(limit => (
          <span key={limit}>{limit}</span>
        ))}
      </p>
      {line.description && (
        <p className="d-description" lang="en">
          {line.description}
        </p>
      )}
      {line.values.length > 0 && (
        <p className="d-values">
          {line.values.map(value => (
            <code key={value}>{value}</code>
          ))}
        </p>
      )}
      {line.children.length > 0 && (
        <ul className="d-tree">
          {line.children.map(child => (
            <TreeLine key={child.name} line={child} sent={sent} />
          ))}
        </ul>
      )}
    </li>
  )
}

function Example({ text }: { text: string }) {
  const t = useText()
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
  }
  return (
    <div className="d-example">
      <div className="d-example-head">
        <h3>{t('docs.example')}</h3>
        <IconButton
          icon={copied ? 'check' : 'copy'}
          label={t(copied ? 'kit.copy.copied' : 'kit.copy.copy')}
          onClick={copy}
        />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{text}</pre>
    </div>
  )
}

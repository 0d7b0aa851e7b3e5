import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useDeferredValue, useState } from 'react'
import { DisplaySwitches } from '../../frame/display-switches.tsx'
import { ProductMark } from '../../frame/product-mark.tsx'
import { useScreenFocus } from '../../frame/screen-focus.ts'
import { useText } from '../../i18n/provider.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Field, TextInput } from '../../kit/field.tsx'
import { Note } from '../../kit/note.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { loadReference, matches, type Reference } from './document.ts'
import { OperationLine } from './operation-line.tsx'
import './docs.css'

/** The reference of the API, made from the document that the server writes of itself. Public. */
export function DocsPage() {
  const t = useText()
  const main = useScreenFocus()
  const reference = useQuery({
    queryKey: ['/openapi.json'],
    queryFn: loadReference,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <>
      <title>{`${t('docs.title')} · Kizuna`}</title>
      <header className="d-top">
        <Link to="/" className="f-outside-mark" aria-label={t('frame.outside.home')}>
          <ProductMark />
          <span>Kizuna</span>
        </Link>
        <h1>{t('docs.title')}</h1>
        <div className="f-top-end">
          <a href="/openapi.json" className="k-link d-source">
            openapi.json
          </a>
          <DisplaySwitches outside />
        </div>
      </header>
      <main id="main" ref={main} tabIndex={-1} className="d-main">
        {reference.data ? (
          <Body reference={reference.data} />
        ) : reference.error ? (
          <Note tone="red" alert>
            {t('docs.failed')}{' '}
            <button type="button" className="k-link" onClick={() => void reference.refetch()}>
              {t('frame.problem.retry')}
            </button>
          </Note>
        ) : (
          <SkeletonRows rows={12} />
        )}
      </main>
    </>
  )
}

function Body({ reference }: { reference: Reference }) {
  const t = useText()
  const [search, setSearch] = useState('')
  const wanted = useDeferredValue(search.trim())
  const groups = reference.groups
    .map(group => ({ ...group, entries: group.entries.filter(entry => matches(entry, wanted)) }))
    .filter(group => group.entries.length > 0)
  const count = groups.reduce((sum, { entries }) => sum + entries.length, 0)
  return (
    <div className="d-frame">
      <nav className="d-nav" aria-label={t('docs.groups')}>
        <Field label={t('docs.search')} labelHidden>
          <TextInput
            type="search"
            icon="search"
            placeholder={t('docs.search')}
            value={search}
            onChange={event => setSearch(event.target.value)}
          />
        </Field>
        <p className="text-12 text-t3" role="status">
          {t('docs.count', { count })}
        </p>
        <ul>
          {groups.map(({ tag, entries }) => (
            <li key={tag}>
              <a href={`#${tag}`} className="f-side-line">
                <span className="truncate">{tag}</span>
                <small>{entries.length}</small>
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div className="d-body">
        <Introduction address={reference.address} />
        {groups.length === 0 && <EmptyState title={t('docs.none')} text={t('docs.noneText')} />}
        {groups.map(({ tag, entries }) => (
          <section key={tag} id={tag} className="d-group" aria-labelledby={`${tag}-title`}>
            <h2 id={`${tag}-title`}>{tag}</h2>
            {entries.map(entry => (
              <OperationLine key={entry.id} entry={entry} schemas={reference.schemas} address={reference.address} />
            ))}
          </section>
        ))}
      </div>
    </div>
  )
}

function Introduction({ address }: { address: string }) {
  const t = useText()
  return (
    <div className="d-intro">
      <p>{t('docs.intro')}</p>
      <dl className="k-pairs" data-align="start">
        <dt>{t('docs.address')}</dt>
        <dd>
          <code className="k-mono">{address}</code>
        </dd>
        <dt>{t('docs.authorization')}</dt>
        <dd>{t('docs.authorizationText')}</dd>
        <dt>{t('docs.writes')}</dt>
        <dd>{t('docs.writesText')}</dd>
        <dt>{t('docs.lists')}</dt>
        <dd>{t('docs.listsText')}</dd>
        <dt>{t('docs.failures')}</dt>
        <dd>{t('docs.failuresText')}</dd>
      </dl>
    </div>
  )
}

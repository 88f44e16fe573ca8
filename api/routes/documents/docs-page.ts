/** The page `/docs`: the contract to read and to try, in three small files of our own under a strict policy (API-835, OPS-033). */

/** Nothing but this host, no inline code (OPS-261, API-958). */
export const DOCS_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

export const DOCS_HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API reference</title>
<link rel="stylesheet" href="/docs/reference.css">
<script src="/docs/reference.js" defer></script>
</head>
<body>
<header>
<h1>API reference</h1>
<p>Made from the schemas that validate. <a href="/openapi.json">openapi.json</a></p>
<label>Access token <input id="token" type="password" autocomplete="off" placeholder="from POST /api/auth/login"></label>
<label>Find <input id="find" type="search" placeholder="path, id or word"></label>
</header>
<main id="operations" aria-live="polite">Loading…</main>
</body>
</html>
`

export const DOCS_CSS = `:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { margin: 0 auto; max-width: 70rem; padding: 1rem }
header { position: sticky; top: 0; background: Canvas; border-bottom: 1px solid; padding-bottom: .5rem }
label { display: inline-block; margin-right: 1rem }
details { border: 1px solid #8888; border-radius: 6px; margin: .4rem 0; padding: .4rem .8rem }
summary { cursor: pointer }
.verb { display: inline-block; min-width: 4.5rem; font-weight: 700; text-transform: uppercase }
.id, .may { color: GrayText; margin-left: .6rem }
code, pre, textarea { font: 13px/1.4 ui-monospace, monospace }
pre { overflow: auto; max-height: 24rem; background: #8881; padding: .6rem; border-radius: 4px }
table { border-collapse: collapse } td, th { text-align: left; padding: .1rem .8rem .1rem 0; vertical-align: top }
textarea { width: 100%; min-height: 6rem } input, button { font: inherit }
`

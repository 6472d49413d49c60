/**
 * Additions to pages that work without script: what is late is asked again by itself, and the browser's back button
 * shows no page from before logging out.
 */
const TRIES = 3;
const WAIT_MS = 2000;

const wait = ( ms ) => new Promise( ( resolve ) => setTimeout( resolve, ms ) );

/** The answer of the site for one late block: {late, html}, or null when it gave none. */
async function ask( { zijspanLateUrl, zijspanLateBlock } ) {
    try {
        const response = await fetch( zijspanLateUrl, {
            method: 'POST',
            credentials: 'same-origin',
            cache: 'no-store',
            headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
            body: JSON.stringify( { block: zijspanLateBlock, query: window.location.search } ),
        } );
        return response.ok ? await response.json() : null;
    } catch {
        return null;
    }
}

/** Asks at most three times; what has arrived takes the place of the block, and that is said once. */
async function load( wrapper ) {
    const { zijspanLoaded: loaded, zijspanFailed: failed } = wrapper.querySelector( '[data-zijspan-loaded]' )?.dataset ?? {};
    if ( ! loaded ) {
        return;
    }
    // What speaks must be there before it has something to say.
    const status = document.createElement( 'p' );
    status.setAttribute( 'role', 'status' );
    status.className = 'owc-zijspan-visually-hidden';
    wrapper.prepend( status );

    for ( let attempt = 0; attempt < TRIES; attempt++ ) {
        await wait( attempt === 0 ? WAIT_MS / 2 : WAIT_MS );
        const answer = await ask( wrapper.dataset );
        if ( ! answer || answer.late !== false || typeof answer.html !== 'string' ) {
            continue;
        }
        const hadFocus = wrapper.contains( document.activeElement );
        const fresh = document.createElement( 'template' );
        fresh.innerHTML = answer.html;
        while ( status.nextSibling ) {
            status.nextSibling.remove();
        }
        wrapper.append( fresh.content );
        if ( hadFocus ) {
            const target = wrapper.querySelector( '.nl-heading, .owc-zijspan' );
            target.tabIndex = -1;
            target.focus();
        }
        status.textContent = loaded;
        return;
    }
    status.className = 'nl-paragraph';
    status.textContent = failed;
}

for ( const wrapper of document.querySelectorAll( '[data-zijspan-late-url]' ) ) {
    load( wrapper );
}

window.addEventListener( 'pageshow', ( event ) => {
    if ( event.persisted ) {
        window.location.reload();
    }
} );

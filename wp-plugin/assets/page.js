/**
 * Additions to pages that work without script: what is late is asked again by itself, and the browser's back button
 * shows no page from before logging out.
 */
const TRIES = 3;
const WAIT_MS = 2000;

const wait = ( ms ) => new Promise( ( resolve ) => setTimeout( resolve, ms ) );

/** The answer of the site for one block: {html, late, loaded, session}, or null when it gave none. */
async function ask( { zijspanLateUrl, zijspanLateBlock } ) {
    try {
        const response = await fetch( zijspanLateUrl, {
            method: 'POST',
            credentials: 'same-origin',
            cache: 'no-store',
            headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
            body: JSON.stringify( { block: zijspanLateBlock, query: window.location.search } ),
        } );
        const answer = response.ok ? await response.json() : null;
        return typeof answer?.html === 'string' ? answer : null;
    } catch {
        return null;
    }
}

const words = ( node ) => node.textContent.replace( /\s+/g, ' ' ).trim();
const isField = ( element ) => element.matches( 'input:not([type="hidden"]), select, textarea' );

/** By what an element is known again in a newer version of the same block. */
function sameAs( element ) {
    if ( element.matches( 'a[href]' ) ) {
        return ( other ) => other.getAttribute( 'href' ) === element.getAttribute( 'href' );
    }
    if ( isField( element ) ) {
        return ( other ) => other.name === element.name;
    }
    return ( other ) => words( other ) === words( element );
}

const find = ( root, element ) => [ ...root.querySelectorAll( element.localName ) ].find( sameAs( element ) );

/**
 * Puts a newer version in the place of what the block shows. What somebody was doing goes on: the element that has the
 * focus has it afterwards and stays where it is on the screen, what was typed stays, what was opened stays open.
 */
function replace( wrapper, status, html ) {
    const active = wrapper.contains( document.activeElement ) ? document.activeElement : null;
    const before = active?.getBoundingClientRect().top;
    const old = [ ...wrapper.querySelectorAll( 'input, select, textarea, details' ) ];
    const fresh = document.createElement( 'template' );
    fresh.innerHTML = html;
    for ( const element of old ) {
        const twin = find( fresh.content, element );
        if ( twin && isField( element ) ) {
            twin.value = element.value;
        } else if ( twin && element.localName === 'details' ) {
            twin.open = element.open;
        }
    }
    const target = active && find( fresh.content, active );
    while ( status.nextSibling ) {
        status.nextSibling.remove();
    }
    wrapper.append( fresh.content );
    if ( ! active ) {
        return;
    }
    if ( target ) {
        target.focus( { preventScroll: true } );
        if ( typeof active.selectionStart === 'number' ) {
            target.setSelectionRange( active.selectionStart, active.selectionEnd );
        }
        window.scrollBy( { top: target.getBoundingClientRect().top - before, behavior: 'instant' } );
        return;
    }
    const heading = wrapper.querySelector( '.nl-heading, .owc-zijspan' );
    if ( heading ) {
        heading.tabIndex = -1;
        heading.focus();
    }
}

/** Asks at most three times. What arrives takes the place of what was there, and is announced when it is complete. */
async function load( wrapper ) {
    const hint = () => wrapper.querySelector( '[data-zijspan-loaded]' );
    if ( ! hint() ) {
        return;
    }
    const { zijspanLoaded: loaded } = hint().dataset;
    // What speaks must be there before it has something to say.
    const status = document.createElement( 'p' );
    status.setAttribute( 'role', 'status' );
    status.className = 'owc-zijspan-visually-hidden';
    wrapper.prepend( status );

    for ( let attempt = 0; attempt < TRIES; attempt++ ) {
        await wait( attempt === 0 ? WAIT_MS / 2 : WAIT_MS );
        const answer = await ask( wrapper.dataset );
        // A part of the list is better than the message that nothing can be shown.
        const hasPart = hint()?.querySelector( '[role="status"]' );
        if ( ! answer || ( hasPart && ! answer.loaded && answer.session ) ) {
            continue;
        }
        if ( answer.late && ! answer.loaded ) {
            continue;
        }
        const fresh = document.createElement( 'template' );
        fresh.innerHTML = answer.html;
        if ( ! answer.late || words( fresh.content ) !== words( wrapper ) ) {
            replace( wrapper, status, answer.html );
        }
        if ( ! answer.late ) {
            status.textContent = answer.loaded ? loaded : words( wrapper.querySelector( '.nl-heading' ) ?? wrapper );
            return;
        }
    }
    const said = hint()?.querySelector( '[role="status"]' );
    if ( said ) {
        said.textContent = hint().dataset.zijspanFailed;
        return;
    }
    status.className = 'nl-paragraph';
    status.textContent = hint()?.dataset.zijspanFailed ?? '';
}

for ( const wrapper of document.querySelectorAll( '[data-zijspan-late-url]' ) ) {
    load( wrapper );
}

window.addEventListener( 'pageshow', ( event ) => {
    if ( event.persisted ) {
        window.location.reload();
    }
} );

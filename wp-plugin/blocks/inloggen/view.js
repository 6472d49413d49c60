/**
 * Warns two minutes before the session ends. The server's clock counts: the page was sent with the seconds that are
 * left. Without script the page says in advance how long a session lasts.
 */
const EXTENDED = 'extended';
const ENDED = 'ended';

function watch( root ) {
    const dialog = root.querySelector( 'dialog' );
    const form = dialog?.querySelector( '[data-zijspan-form="extend"]' );
    if ( ! dialog || ! form || typeof dialog.showModal !== 'function' ) {
        return;
    }
    const warn = Number( root.dataset.zijspanWarn ) * 1000;
    const fullIdle = Number( root.dataset.zijspanIdle ) * 1000;
    const absoluteEnd = Date.now() + Number( root.dataset.zijspanAbsolute ) * 1000;
    let idleEnd = Date.now() + fullIdle;
    let dismissedFor = null;
    const channel = typeof BroadcastChannel === 'function' ? new BroadcastChannel( 'owc-zijspan-session' ) : null;
    const show = ( name, visible ) => {
        for ( const part of dialog.querySelectorAll( `[data-zijspan-when="${ name }"]` ) ) {
            part.hidden = ! visible;
        }
    };
    const say = ( text ) => {
        dialog.querySelector( '[data-zijspan-when="failed"]' ).textContent = text;
    };
    const tell = () => {
        const ends = root.querySelector( '[data-zijspan-ends]' );
        const end = new Date( Math.min( idleEnd, absoluteEnd ) );
        const format = { hour: '2-digit', minute: '2-digit' };
        if ( ends ) {
            ends.dateTime = end.toISOString();
            try {
                ends.textContent = end.toLocaleTimeString( 'nl-NL', { ...format, timeZone: root.dataset.zijspanZone } );
            } catch {
                ends.textContent = end.toLocaleTimeString( 'nl-NL', format );
            }
        }
    };
    const extended = ( end ) => {
        idleEnd = Math.max( idleEnd, end );
        tell();
        if ( dialog.open && idleEnd - Date.now() > warn ) {
            say( '' );
            dialog.close();
        }
    };

    function tick() {
        const end = Math.min( idleEnd, absoluteEnd );
        const left = end - Date.now();
        if ( left <= 0 ) {
            // The server decides: it shows that the session has ended, or that another tab kept it.
            window.location.reload();
            return;
        }
        if ( left <= warn && ! dialog.open && dismissedFor !== end ) {
            const last = absoluteEnd <= idleEnd;
            show( 'idle', ! last );
            show( 'absolute', last );
            dialog.showModal();
        }
    }

    dialog.addEventListener( 'close', () => {
        dismissedFor = Math.min( idleEnd, absoluteEnd );
    } );
    dialog.querySelector( '[data-zijspan-close]' )?.addEventListener( 'click', () => dialog.close() );

    form.addEventListener( 'submit', async ( event ) => {
        event.preventDefault();
        say( '' );
        try {
            const response = await fetch( form.action, {
                method: 'POST',
                credentials: 'same-origin',
                cache: 'no-store',
                headers: { Accept: 'application/json' },
                body: new URLSearchParams( new FormData( form ) ),
            } );
            const session = response.ok ? await response.json() : null;
            if ( typeof session?.idle_expires_in !== 'number' ) {
                throw new Error( 'not extended' );
            }
            const end = Date.now() + session.idle_expires_in * 1000;
            extended( end );
            channel?.postMessage( { type: EXTENDED, end } );
        } catch {
            say( dialog.querySelector( '[data-zijspan-text="failed"]' ).content.textContent.trim() );
        }
    } );

    for ( const logout of root.querySelectorAll( '[data-zijspan-form="logout"]' ) ) {
        logout.addEventListener( 'submit', () => channel?.postMessage( { type: ENDED } ) );
    }

    channel?.addEventListener( 'message', ( { data } ) => {
        if ( data?.type === EXTENDED && typeof data.end === 'number' ) {
            extended( data.end );
        } else if ( data?.type === ENDED ) {
            // After the other tab's request has ended the session.
            setTimeout( () => window.location.reload(), 1500 );
        }
    } );
    // This page was just asked for, which extended the session for every tab.
    channel?.postMessage( { type: EXTENDED, end: idleEnd } );

    setInterval( tick, 1000 );
    document.addEventListener( 'visibilitychange', () => document.hidden || tick() );
}

for ( const root of document.querySelectorAll( '.owc-zijspan-inloggen[data-zijspan-idle]' ) ) {
    watch( root );
}

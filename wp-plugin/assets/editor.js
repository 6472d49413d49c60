/**
 * What the three blocks share in the editor. Written for the browser as it is: there is no build step.
 */
( function ( wp ) {
    const { createElement: el, Fragment, useState } = wp.element;
    const { __, sprintf } = wp.i18n;
    const { useBlockProps, InspectorControls, BlockControls } = wp.blockEditor;
    const { PanelBody, SelectControl, Disabled, ToolbarGroup, ToolbarDropdownMenu, Placeholder, Spinner } = wp.components;
    const { useSelect } = wp.data;
    const ServerSideRender = wp.serverSideRender;

    const states = [
        [ 'vol', __( 'A few', 'owc-zijspan' ) ],
        [ 'veel', __( 'Many, or finished', 'owc-zijspan' ) ],
        [ 'leeg', __( 'Nothing there', 'owc-zijspan' ) ],
        [ 'gedeeltelijk', __( 'Partly shown', 'owc-zijspan' ) ],
        [ 'onderweg', __( 'Not everything in yet', 'owc-zijspan' ) ],
        [ 'begrensd', __( 'More than is shown', 'owc-zijspan' ) ],
        [ 'traag', __( 'Slow', 'owc-zijspan' ) ],
        [ 'uitgezet', __( 'Switched off by the municipality', 'owc-zijspan' ) ],
        [ 'niveau', __( 'A higher level is needed', 'owc-zijspan' ) ],
        [ 'namens', __( 'For somebody else', 'owc-zijspan' ) ],
        [ 'fout', __( 'Out of order', 'owc-zijspan' ) ],
        [ 'niet_gevonden', __( 'Not found', 'owc-zijspan' ) ],
        [ 'uitgelogd', __( 'Not logged in', 'owc-zijspan' ) ],
        [ 'verlopen', __( 'Logged out by time', 'owc-zijspan' ) ],
    ];

    /** The choice of a page of this site; 0 is none. */
    function PageSelect( { label, help, none, value, onChange } ) {
        const pages = useSelect(
            ( select ) =>
                select( 'core' ).getEntityRecords( 'postType', 'page', {
                    per_page: 100,
                    status: 'publish',
                    orderby: 'title',
                    order: 'asc',
                    _fields: 'id,title',
                } ),
            []
        );
        const options = [ { value: '0', label: none } ].concat(
            ( pages || [] ).map( ( page ) => ( {
                value: String( page.id ),
                label: page.title.rendered || sprintf( __( 'Page %d', 'owc-zijspan' ), page.id ),
            } ) )
        );
        if ( value && pages && ! pages.some( ( page ) => page.id === value ) ) {
            options.push( { value: String( value ), label: sprintf( __( 'Page %d (not published)', 'owc-zijspan' ), value ) } );
        }
        return el( SelectControl, {
            label,
            help,
            value: String( value || 0 ),
            options,
            onChange: ( chosen ) => onChange( Number( chosen ) ),
            __nextHasNoMarginBottom: true,
            __next40pxDefaultSize: true,
        } );
    }

    function HeadingLevel( { value, onChange } ) {
        return el( SelectControl, {
            label: __( 'Level of the heading', 'owc-zijspan' ),
            help: __( 'Choose the level that follows the heading above this block.', 'owc-zijspan' ),
            value: String( value ),
            options: [ 1, 2, 3, 4 ].map( ( level ) => ( { value: String( level ), label: 'H' + level } ) ),
            onChange: ( chosen ) => onChange( Number( chosen ) ),
            __nextHasNoMarginBottom: true,
            __next40pxDefaultSize: true,
        } );
    }

    /** A block as residents will see it, with made-up data in a state that the editor chooses. */
    function Preview( { name, attributes, children } ) {
        const [ state, setState ] = useState( 'vol' );
        const label = states.find( ( [ value ] ) => value === state )[ 1 ];
        return el(
            Fragment,
            null,
            el(
                BlockControls,
                null,
                el(
                    ToolbarGroup,
                    null,
                    el( ToolbarDropdownMenu, {
                        icon: 'visibility',
                        label: __( 'Choose what the example shows', 'owc-zijspan' ),
                        text: sprintf( __( 'Example: %s', 'owc-zijspan' ), label ),
                        controls: states.map( ( [ value, title ] ) => ( {
                            title,
                            isActive: value === state,
                            role: 'menuitemradio',
                            onClick: () => setState( value ),
                        } ) ),
                    } )
                )
            ),
            el( InspectorControls, null, el( PanelBody, { title: __( 'Content', 'owc-zijspan' ) }, children ) ),
            el(
                'div',
                useBlockProps(),
                el( 'div', { className: 'owc-zijspan' }, el( 'p', { className: 'owc-zijspan-sample' }, __( 'Example data', 'owc-zijspan' ) ) ),
                el(
                    Disabled,
                    null,
                    el( ServerSideRender, {
                        block: name,
                        attributes,
                        skipBlockSupportAttributes: true,
                        urlQueryArgs: { zijspan_sample: state },
                        LoadingResponsePlaceholder: () => el( Spinner ),
                        ErrorResponsePlaceholder: () =>
                            el( Placeholder, {
                                icon: 'warning',
                                label: __( 'The example cannot be shown', 'owc-zijspan' ),
                                instructions: __( 'Load the page again. If that does not help, ask the administrator of the site.', 'owc-zijspan' ),
                            } ),
                    } )
                )
            )
        );
    }

    window.owcZijspanEditor = { Preview, PageSelect, HeadingLevel };
} )( window.wp );

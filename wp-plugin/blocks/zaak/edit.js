( function ( wp, { Preview, PageSelect, HeadingLevel } ) {
    const { createElement: el } = wp.element;
    const { __ } = wp.i18n;

    wp.blocks.registerBlockType( 'owc-zijspan/zaak', {
        edit( { name, attributes, setAttributes } ) {
            return el(
                Preview,
                { name, attributes },
                el( HeadingLevel, {
                    value: attributes.headingLevel,
                    onChange: ( headingLevel ) => setAttributes( { headingLevel } ),
                } ),
                el( PageSelect, {
                    label: __( 'Page with the overview', 'owc-zijspan' ),
                    help: __( 'The link “Back to all cases” leads there.', 'owc-zijspan' ),
                    none: __( 'The page that MijnOmgeving made', 'owc-zijspan' ),
                    value: attributes.overviewPage,
                    onChange: ( overviewPage ) => setAttributes( { overviewPage } ),
                } )
            );
        },
        save: () => null,
    } );
} )( window.wp, window.owcZijspanEditor );

( function ( wp, { Preview, PageSelect, HeadingLevel } ) {
    const { createElement: el } = wp.element;
    const { __ } = wp.i18n;
    const { TextControl, SelectControl, RangeControl } = wp.components;
    const common = { __nextHasNoMarginBottom: true, __next40pxDefaultSize: true };

    wp.blocks.registerBlockType( 'owc-zijspan/mijn-zaken', {
        edit( { name, attributes, setAttributes } ) {
            return el(
                Preview,
                { name, attributes },
                el( TextControl, {
                    label: __( 'Heading', 'owc-zijspan' ),
                    help: __( 'May be empty when the page has a heading of its own.', 'owc-zijspan' ),
                    value: attributes.heading,
                    onChange: ( heading ) => setAttributes( { heading } ),
                    ...common,
                } ),
                el( HeadingLevel, {
                    value: attributes.headingLevel,
                    onChange: ( headingLevel ) => setAttributes( { headingLevel } ),
                } ),
                el( SelectControl, {
                    label: __( 'Which cases', 'owc-zijspan' ),
                    value: attributes.show,
                    options: [
                        { value: 'all', label: __( 'Current and finished, the resident chooses', 'owc-zijspan' ) },
                        { value: 'open', label: __( 'Only current cases', 'owc-zijspan' ) },
                        { value: 'closed', label: __( 'Only finished cases', 'owc-zijspan' ) },
                    ],
                    onChange: ( show ) => setAttributes( { show } ),
                    ...common,
                } ),
                el( RangeControl, {
                    label: __( 'Cases per page', 'owc-zijspan' ),
                    value: attributes.pageSize,
                    min: 5,
                    max: 50,
                    onChange: ( pageSize ) => setAttributes( { pageSize } ),
                    ...common,
                } ),
                el( PageSelect, {
                    label: __( 'Page that shows one case', 'owc-zijspan' ),
                    help: __( 'A page with the block “Case”. Without a choice the case is shown on this page.', 'owc-zijspan' ),
                    none: __( 'This page', 'owc-zijspan' ),
                    value: attributes.detailPage,
                    onChange: ( detailPage ) => setAttributes( { detailPage } ),
                } )
            );
        },
        save: () => null,
    } );
} )( window.wp, window.owcZijspanEditor );

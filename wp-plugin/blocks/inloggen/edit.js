( function ( wp, { Preview, PageSelect, HeadingLevel } ) {
    const { createElement: el } = wp.element;
    const { __ } = wp.i18n;
    const { TextControl, ToggleControl } = wp.components;
    const common = { __nextHasNoMarginBottom: true };

    wp.blocks.registerBlockType( 'owc-zijspan/inloggen', {
        edit( { name, attributes, setAttributes } ) {
            return el(
                Preview,
                { name, attributes },
                el( TextControl, {
                    label: __( 'Heading', 'owc-zijspan' ),
                    help: __( 'Shown to who is not logged in. May be empty.', 'owc-zijspan' ),
                    value: attributes.heading,
                    onChange: ( heading ) => setAttributes( { heading } ),
                    ...common,
                    __next40pxDefaultSize: true,
                } ),
                el( HeadingLevel, {
                    value: attributes.headingLevel,
                    onChange: ( headingLevel ) => setAttributes( { headingLevel } ),
                } ),
                el( ToggleControl, {
                    label: __( 'Button for DigiD (residents)', 'owc-zijspan' ),
                    checked: attributes.digid,
                    onChange: ( digid ) => setAttributes( { digid } ),
                    ...common,
                } ),
                el( ToggleControl, {
                    label: __( 'Button for eHerkenning (organisations)', 'owc-zijspan' ),
                    checked: attributes.eherkenning,
                    onChange: ( eherkenning ) => setAttributes( { eherkenning } ),
                    ...common,
                } ),
                el( ToggleControl, {
                    label: __( 'Button for eIDAS (other countries of the EU)', 'owc-zijspan' ),
                    checked: attributes.eidas,
                    onChange: ( eidas ) => setAttributes( { eidas } ),
                    ...common,
                } ),
                el( PageSelect, {
                    label: __( 'Page after logging in', 'owc-zijspan' ),
                    none: __( 'The page where the resident was', 'owc-zijspan' ),
                    value: attributes.nextPage,
                    onChange: ( nextPage ) => setAttributes( { nextPage } ),
                } )
            );
        },
        save: () => null,
    } );
} )( window.wp, window.owcZijspanEditor );
